"""The experiments of the papers, one for each file, and the record that describes one."""
