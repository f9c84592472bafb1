/// What the page does.
enum PageScript {
    static let javascript = #"""
        'use strict';
        const find = (id) => document.getElementById(id);
        const data = JSON.parse(find('data').textContent);
        const page = document.querySelector('meta[name=page]').content;
        const words = { keep: 'Kept', reject: 'Rejected', undecided: 'Undecided' };
        const stillness = matchMedia('(prefers-reduced-motion: reduce)');

        // ---- What is decided, by clip and masks. The browser keeps it, where it can.

        const prefix = `8cut-review/${page}/${data.reviewer}/`;
        const decided = new Map();
        let storage = null;
        let savedAt = 0;
        let isUnsaved = false;

        const keyOf = (clip) => `${clip.clip}/${clip.masksDigest}`;

        function isEntry(entry) {
          return entry && Number.isSafeInteger(entry.clip) && typeof entry.path === 'string'
            && typeof entry.masksDigest === 'string' && Object.hasOwn(words, entry.verdict)
            && Number.isFinite(entry.time);
        }

        function openStorage() {
          try {
            localStorage.setItem(prefix + 'probe', '');
            localStorage.removeItem(prefix + 'probe');
            storage = localStorage;
          } catch {
            // Some browsers keep nothing for a page that is a file.
            storage = null;
          }
          find('note').hidden = storage !== null;
        }

        function keep(name, value) {
          if (!storage) return;
          try {
            if (value === null) storage.removeItem(prefix + name);
            else storage.setItem(prefix + name, value);
          } catch {
            storage = null;
            find('note').hidden = false;
          }
        }

        function readStorage() {
          if (!storage) return;
          decided.clear();
          const start = prefix + 'verdict/';
          for (let place = 0; place < storage.length; place++) {
            const name = storage.key(place);
            if (!name.startsWith(start)) continue;
            try {
              const entry = JSON.parse(storage.getItem(name));
              if (isEntry(entry)) decided.set(name.slice(start.length), entry);
            } catch {
              // What is damaged counts as not decided.
            }
          }
          savedAt = Number(storage.getItem(prefix + 'saved')) || 0;
        }

        function record(key, entry) {
          if (entry) decided.set(key, entry);
          else decided.delete(key);
          isUnsaved = true;
          keep('verdict/' + key, entry && JSON.stringify(entry));
        }

        // ---- Cards

        const cards = data.clips.map(makeCard);
        let current = 0;

        function fill(about, clip) {
          if (!about.firstElementChild) about.append(find('about').content.cloneNode(true));
          const hasScore = typeof clip.score === 'number';
          const bar = about.querySelector('.bar');
          bar.hidden = !hasScore;
          bar.firstElementChild.style.setProperty('--part', hasScore ? clip.score : 0);
          about.querySelector('b').textContent = hasScore ? clip.score.toFixed(2) : 'no score';
          const label = about.querySelector('.label');
          const text = [clip.label, clip.category && `(${clip.category})`];
          label.firstElementChild.textContent = text.filter(Boolean).join(' ');
          label.hidden = !label.textContent;
          const name = about.querySelector('.name');
          name.firstElementChild.textContent = clip.name;
          name.title = clip.path;
        }

        function makeCard(clip, index) {
          const item = find('card').content.firstElementChild.cloneNode(true);
          const card = item.firstElementChild;
          fill(card.querySelector('.about'), clip);
          card.querySelector('.choice').append(find('choice').content.cloneNode(true));
          card.setAttribute('aria-label', [clip.label, clip.name].filter(Boolean).join(', '));
          const screen = card.querySelector('.screen');
          screen.setAttribute('aria-label', 'Play large, with sound: ' + clip.name);
          screen.addEventListener('click', () => { select(index); enlarge(); });
          card.addEventListener('focusin', () => {
            // A dialog that closes gives the focus back to where it was; that is another clip now.
            if (!isLarge) mark(index);
          });
          card.querySelector('.choice').addEventListener('click', (event) => {
            const button = event.target.closest('button');
            if (button) press(index, button);
          });
          card.dataset.index = index;
          find('clips').append(item);
          return card;
        }

        const videoOf = (card) => card.querySelector('video');
        const clipsShown = () => cards.flatMap((card, index) =>
          card.parentElement.hidden ? [] : [index]);

        function mark(index) {
          cards[current]?.setAttribute('tabindex', '-1');
          current = index;
          cards[current]?.setAttribute('tabindex', '0');
        }

        function select(index) {
          if (!cards[index]) return;
          mark(index);
          cards[index].focus({ preventScroll: true });
          cards[index].scrollIntoView({
            block: 'nearest', behavior: stillness.matches ? 'auto' : 'smooth',
          });
        }

        // ---- What is shown of what is decided

        function showChoice(element, clip) {
          const verdict = decided.get(keyOf(clip))?.verdict;
          for (const button of element.querySelectorAll('.choice button')) {
            button.setAttribute('aria-pressed', String(button.dataset.verdict === verdict));
          }
        }

        function isShown(clip) {
          const filter = find('filter').value;
          const verdict = decided.get(keyOf(clip))?.verdict;
          return filter === 'all' || (filter === 'left' ? !verdict : filter === verdict);
        }

        function showCard(index) {
          showChoice(cards[index], data.clips[index]);
          cards[index].parentElement.hidden = !isShown(data.clips[index]);
        }

        function showCount() {
          const total = data.clips.length;
          const done = data.clips.filter((clip) => decided.has(keyOf(clip))).length;
          find('count').textContent = `${done} of ${total} judged, ${total - done} left`;
          find('done').parentElement.style.setProperty('--part', total ? done / total : 0);
          const news = [...decided.values()].filter((entry) => entry.time > savedAt).length;
          find('news').textContent = news ? ` (${news})` : '';
          find('save').disabled = decided.size === 0;
          const isEmpty = clipsShown().length === 0;
          find('none').hidden = !isEmpty;
          find('none').textContent =
            total === 0 ? 'No clip is left to judge.' : 'No clip to show here.';
        }

        function showAll() {
          cards.forEach((_, index) => showCard(index));
          showCount();
          if (find('player').open) showChoice(find('player'), data.clips[current]);
        }

        // ---- Verdicts

        const steps = [];

        function decide(index, verdict) {
          const clip = data.clips[index];
          const key = keyOf(clip);
          steps.push({ index, before: decided.get(key) ?? null });
          record(key, verdict && {
            clip: clip.clip, path: clip.path, masksDigest: clip.masksDigest, verdict,
            time: Date.now() / 1000, draw: clip.draw, score: clip.score,
          });
          const following = neighbour(index, 1);
          showCard(index);
          showCount();
          find('said').textContent = (verdict ? words[verdict] : 'Not judged') + ': ' + clip.name;
          return following;
        }

        function judge(verdict) {
          if (!cards[current] || cards[current].parentElement.hidden) return;
          const following = decide(current, verdict);
          move(following ?? (cards[current].parentElement.hidden ? neighbour(current, -1) : current));
        }

        function press(index, button) {
          mark(index);
          if (button.getAttribute('aria-pressed') === 'true') {
            decide(index, null);
            if (cards[index].parentElement.hidden) move(neighbour(index, 1) ?? neighbour(index, -1));
            if (find('player').open) showChoice(find('player'), data.clips[index]);
          } else {
            judge(button.dataset.verdict);
          }
        }

        function undo() {
          const step = steps.pop() ?? lastStep();
          if (!step) { move(neighbour(current, -1)); return; }
          record(keyOf(data.clips[step.index]), step.before);
          showCard(step.index);
          showCount();
          find('said').textContent = 'Undone: ' + data.clips[step.index].name;
          if (!cards[step.index].parentElement.hidden) move(step.index);
        }

        /** After a reload only the times say what came last. */
        function lastStep() {
          const time = (clip) => decided.get(keyOf(clip))?.time ?? 0;
          const index = data.clips.reduce((best, clip, other) =>
            time(clip) > time(data.clips[best]) ? other : best, 0);
          return data.clips[index] && time(data.clips[index]) ? { index, before: null } : null;
        }

        // ---- Moving

        function neighbour(index, by) {
          for (let other = index + by; cards[other]; other += by) {
            if (!cards[other].parentElement.hidden) return other;
          }
          return null;
        }

        function rowBelow(by) {
          const shown = clipsShown();
          const top = (index) => cards[index].parentElement.offsetTop;
          const columns = shown.filter((index) => top(index) === top(shown[0])).length;
          return shown[shown.indexOf(current) + by * columns] ?? null;
        }

        function move(index) {
          if (index === null || index === undefined) return;
          if (find('player').open) { mark(index); showLarge(); } else { select(index); }
        }

        // ---- Playing: only what is in sight loads, and plays

        const inSight = new Set();

        /** Plays a card that is in sight, unless the person wants it still; pauses any other. */
        function play(card) {
          const video = videoOf(card);
          const isStill = stillness.matches || find('player').open || card.dataset.paused;
          if (inSight.has(card) && !isStill && video.src) video.play().catch(() => {});
          else video.pause();
        }

        const near = new IntersectionObserver((entries) => {
          for (const { target, isIntersecting } of entries) {
            const video = videoOf(target);
            const clip = data.clips[target.dataset.index];
            if (isIntersecting) {
              if (!video.getAttribute('src')) video.src = clip.video;
              video.poster = clip.poster;
              play(target);
            } else if (video.getAttribute('src')) {
              video.removeAttribute('src');
              video.load();
            }
          }
        }, { rootMargin: '60% 0px' });

        const sight = new IntersectionObserver((entries) => {
          for (const { target, isIntersecting } of entries) {
            if (isIntersecting) inSight.add(target); else inSight.delete(target);
            if (!isIntersecting) delete target.dataset.paused;
            play(target);
          }
        }, { threshold: 0.5 });

        const playAll = () => inSight.forEach(play);

        function toggle() {
          const video = find('player').open ? large : videoOf(cards[current]);
          if (!video) return;
          if (!video.paused) {
            if (video !== large) cards[current].dataset.paused = 'yes';
            video.pause();
            return;
          }
          if (video !== large) {
            delete cards[current].dataset.paused;
            if (!video.getAttribute('src')) video.src = data.clips[current].video;
          }
          video.play().catch(() => {});
        }

        // ---- The large player

        const large = find('player').querySelector('video');
        let isLarge = false;

        function enlarge() {
          if (!cards[current]) return;
          find('player').showModal();
          isLarge = true;
          // Keys are for the clip, not for the controls of the video.
          find('player').focus();
          playAll();
          showLarge();
        }

        function showLarge() {
          const clip = data.clips[current];
          large.poster = clip.poster;
          large.src = clip.video;
          large.play().catch(() => {});
          fill(find('player').querySelector('.about'), clip);
          showChoice(find('player'), clip);
          find('previous').disabled = neighbour(current, -1) === null;
          find('next').disabled = neighbour(current, 1) === null;
        }

        find('player').querySelector('.choice').append(find('choice').content.cloneNode(true));
        find('player').querySelector('.choice').addEventListener('click', (event) => {
          const button = event.target.closest('button');
          if (button) press(current, button);
        });
        find('player').addEventListener('close', () => {
          large.pause();
          large.removeAttribute('src');
          large.load();
          isLarge = false;
          playAll();
          select(current);
        });
        find('previous').addEventListener('click', () => move(neighbour(current, -1)));
        find('next').addEventListener('click', () => move(neighbour(current, 1)));

        // ---- Saving

        const reviewer = find('reviewer');

        /** What is wrong with the name, as a sentence; empty if nothing is. */
        function nameProblem() {
          const name = reviewer.value.trim();
          if (!name) return 'Type your name.';
          const isLong = new TextEncoder().encode(name).length > 200;
          return isLong || /\p{Cc}/u.test(name) ? 'This name is too long, or no line.' : '';
        }

        function fileText() {
          const verdicts = [...decided.values()].sort((one, other) => one.time - other.time)
            .map(({ clip, path, masksDigest, verdict, time, draw, score }) =>
              ({ clip, path, masksDigest, verdict, time, draw, score }));
          return JSON.stringify({ v: 1, reviewer: reviewer.value.trim(), verdicts }, null, 1) + '\n';
        }

        function fileName() {
          const name = reviewer.value.trim().replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60);
          return `verdicts-${name}.json`;
        }

        function save() {
          reviewer.setCustomValidity(nameProblem());
          if (!reviewer.reportValidity()) return;
          const text = fileText();
          const link = document.createElement('a');
          link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
          link.download = fileName();
          link.click();
          // Later: some browsers ask first.
          setTimeout(() => URL.revokeObjectURL(link.href), 60000);
          isUnsaved = false;
          savedAt = Date.now() / 1000;
          keep('saved', String(savedAt));
          const count = decided.size === 1 ? '1 verdict is' : `${decided.size} verdicts are`;
          find('saving-text').textContent =
            `${count} in ${fileName()}, in the folder of your downloads.`;
          showCount();
          find('json').value = text;
          find('copy').textContent = 'Copy';
          find('saving').showModal();
          find('saving').querySelector('.main').focus();
        }

        async function copy() {
          let isCopied = true;
          try {
            await navigator.clipboard.writeText(find('json').value);
          } catch {
            // Pages that are files or come without encryption have no clipboard of their own.
            find('json').select();
            isCopied = document.execCommand('copy');
          }
          find('copy').textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
        }

        function forget() {
          if (!confirm('Forget all verdicts on this page in this browser?')) return;
          for (const key of [...decided.keys()]) record(key, null);
          steps.length = 0;
          isUnsaved = false;
          find('saving').close();
          showAll();
        }

        find('save').addEventListener('click', save);
        find('copy').addEventListener('click', copy);
        find('forget').addEventListener('click', forget);
        reviewer.addEventListener('input', () => {
          reviewer.setCustomValidity('');
          keep('name', reviewer.value);
        });

        // ---- Keys

        const actions = {
          a: () => judge('keep'), Enter: () => judge('keep'),
          x: () => judge('reject'), u: () => judge('undecided'),
          Backspace: undo, ' ': toggle, l: enlarge,
          ArrowRight: () => move(neighbour(current, 1)), j: () => move(neighbour(current, 1)),
          ArrowLeft: () => move(neighbour(current, -1)), k: () => move(neighbour(current, -1)),
          ArrowDown: () => move(rowBelow(1)), ArrowUp: () => move(rowBelow(-1)),
          '?': () => find('keys').showModal(),
        };
        // A key that is held down must not judge what nobody has seen.
        const mayRepeat = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'j', 'k'];

        addEventListener('keydown', (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
          if (find('keys').open || find('saving').open) return;
          if (event.target.matches?.('input, select, textarea')) return;
          const isPress = event.key === 'Enter' || event.key === ' ';
          if (isPress && event.target.matches?.('button, video')) return;
          const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
          if (!Object.hasOwn(actions, key) || isLarge && (key === 'l' || key === '?')) return;
          event.preventDefault();
          if (!event.repeat || mayRepeat.includes(key)) actions[key]();
        });

        // ---- The start

        find('help').addEventListener('click', () => find('keys').showModal());
        for (const button of document.querySelectorAll('[data-close]')) {
          button.addEventListener('click', () => button.closest('dialog').close());
        }
        find('filter').addEventListener('change', showAll);
        stillness.addEventListener('change', playAll);
        addEventListener('beforeunload', (event) => {
          if (!storage && isUnsaved) event.preventDefault();
        });
        addEventListener('storage', (event) => {
          if (event.key === null || event.key.startsWith(prefix)) { readStorage(); showAll(); }
        });
        new ResizeObserver(([entry]) => {
          const height = entry.borderBoxSize[0].blockSize;
          document.documentElement.style.setProperty('--header', height + 'px');
        }).observe(document.querySelector('header'));

        openStorage();
        readStorage();
        reviewer.value = storage?.getItem(prefix + 'name') || data.reviewer;
        showAll();
        for (const card of cards) { near.observe(card); sight.observe(card); }
        const firstLeft = data.clips.findIndex((clip) => !decided.has(keyOf(clip)));
        if (cards.length > 0) { mark(Math.max(0, firstLeft)); select(current); }
        """#
}
