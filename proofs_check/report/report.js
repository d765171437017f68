// Comfort only: the page is whole without it. A filter of the claims, and zoom of the graphs.
(() => {
  const make = (tag, parts, ...inside) => {
    const made = Object.assign(document.createElement(tag), parts);
    made.append(...inside);
    return made;
  };

  const start = document.querySelector('h2[id^=paper]');
  const claims = [...document.querySelectorAll('article')].map((article) => {
    const own = article.querySelector('.head .chip');
    const words = article.querySelector('.head').textContent + article.querySelector('.says').textContent;
    return { article, own: own ? own.textContent : '', words: words.toLowerCase() };
  });
  if (start && claims.length) {
    const word = make('input', { type: 'search', name: 'word' });
    const found = [...new Set(claims.map((c) => c.own))].sort();
    const verdict = make('select', { name: 'verdict' }, make('option', { value: '' }, 'any'));
    verdict.append(...found.map((name) => make('option', { value: name }, name)));
    const count = make('output', {});
    const show = () => {
      const wanted = word.value.toLowerCase();
      let shown = 0;
      for (const c of claims) {
        c.article.hidden = !c.words.includes(wanted) || (verdict.value !== '' && c.own !== verdict.value);
        shown += !c.article.hidden;
      }
      for (const family of document.querySelectorAll('main > section')) {
        family.hidden = !family.querySelector('article:not([hidden])');
      }
      count.textContent = shown + ' of ' + claims.length + ' claims';
    };
    const form = make(
      'form',
      { className: 'filter' },
      make('label', {}, 'Claims with the word ', word),
      make('label', {}, 'own verdict ', verdict),
      count,
    );
    form.setAttribute('role', 'search');
    form.addEventListener('input', show);
    form.addEventListener('submit', (event) => event.preventDefault());
    // a link to a claim that is filtered out shows all claims again
    window.addEventListener('hashchange', () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.closest('[hidden]')) {
        form.reset();
        show();
        target.scrollIntoView();
      }
    });
    start.before(form);
    show();
  }

  for (const frame of document.querySelectorAll('.graphs')) {
    const graph = frame.querySelector('svg');
    const size = { width: graph.width.baseVal.value, height: graph.height.baseVal.value };
    let scale = 1;
    const zoom = (wanted) => {
      scale = Math.min(4, Math.max(0.1, wanted));
      graph.setAttribute('width', size.width * scale);
      graph.setAttribute('height', size.height * scale);
    };
    const button = (name, sign, act) => {
      const made = make('button', { type: 'button', title: name, onclick: act }, sign);
      made.setAttribute('aria-label', name + ': ' + frame.getAttribute('aria-label'));
      return made;
    };
    const fit = () => zoom((frame.clientWidth - 20) / size.width);
    frame.before(
      make(
        'div',
        { className: 'zoom' },
        button('Smaller', '\u2212', () => zoom(scale / 1.25)),
        button('Larger', '+', () => zoom(scale * 1.25)),
        button('Fit the width', '\u2194', fit),
      ),
    );
  }
})();
