"""How often the engine is wrong: false statements, sabotaged engines, null runs, containment."""
