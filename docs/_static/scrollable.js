// Comfort only: what is wider than the page is reached by the keyboard, so that it can be scrolled.
(() => {
  const wide = document.querySelectorAll('pre, .math-wrapper, .table-wrapper');
  const mark = () => {
    for (const part of wide) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
      else part.removeAttribute('tabindex');
    }
  };
  mark();
  window.addEventListener('resize', mark);
})();
