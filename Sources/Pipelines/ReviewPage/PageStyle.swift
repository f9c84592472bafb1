/// How the page looks: in light and dark, from a phone's width on.
enum PageStyle {
    static let css = #"""
        :root {
          color-scheme: light dark;
          --back: #f4f4f6; --card: #ffffff; --text: #1b1b1f; --dim: #585862; --line: #d3d3da;
          --field: #ffffff; --accent: #1a5fb4; --on-accent: #ffffff; --shade: #0003;
          --keep: #1d7338; --reject: #b3261e; --undecided: #75590a; --on-color: #ffffff;
          --header: 7rem;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --back: #17171a; --card: #232327; --text: #f0f0f3; --dim: #aaaab5; --line: #3d3d46;
            --field: #1d1d21; --accent: #8ab8f5; --on-accent: #101014; --shade: #0008;
            --keep: #74d391; --reject: #ff9189; --undecided: #e6c463; --on-color: #101014;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { scroll-padding: calc(var(--header) + .75rem) 0 .75rem; }
        body {
          margin: 0; background: var(--back); color: var(--text);
          font: 1rem/1.4 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .unseen {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap;
        }

        button, input, select, textarea { font: inherit; color: inherit; }
        button, select, input {
          min-height: 2.5rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--field); padding: 0 .75rem;
        }
        button { cursor: pointer; touch-action: manipulation; }
        button:disabled { opacity: .55; cursor: default; }
        .main { background: var(--accent); color: var(--on-accent); border-color: transparent; }
        .main { font-weight: 600; }
        kbd {
          font: inherit; padding: 0 .4em; border: 1px solid var(--line); border-radius: .3em;
          background: var(--field);
        }

        header {
          position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap;
          align-items: center; gap: .5rem .75rem; padding: .6rem max(1rem, 2vw);
          background: var(--card); border-bottom: 1px solid var(--line);
          box-shadow: 0 1px 6px var(--shade);
        }
        h1 { font-size: 1.1rem; margin: 0; }
        .count { margin: 0; flex: 1 1 12rem; color: var(--dim); font-variant-numeric: tabular-nums; }
        .bar { display: block; height: .35rem; border-radius: 1rem; background: var(--line); }
        .bar { overflow: hidden; }
        .bar > span { display: block; height: 100%; width: calc(var(--part, 0) * 100%); }
        .count .bar { margin-top: .25rem; }
        .count .bar > span { background: var(--accent); }
        header label { display: flex; align-items: center; gap: .4rem; color: var(--dim); }
        header label > * { color: var(--text); }
        #reviewer { width: 9rem; }
        #note { flex-basis: 100%; margin: 0; color: var(--reject); }

        main { padding: 1rem max(1rem, 2vw) 3rem; }
        #clips {
          display: grid; gap: 1rem; margin: 0; padding: 0; list-style: none;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
        }
        #none { text-align: center; color: var(--dim); padding: 3rem 0; }
        .card {
          display: flex; flex-direction: column; height: 100%; overflow: hidden;
          background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
        }
        .card:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
        .screen {
          position: relative; display: block; width: 100%; min-height: 0; padding: 0; border: 0;
          border-radius: 0; background: #000; aspect-ratio: 16 / 9;
        }
        .screen:focus-visible { outline-offset: -3px; }
        .screen video { display: block; width: 100%; height: 100%; object-fit: contain; }
        .screen svg {
          position: absolute; right: .4rem; bottom: .4rem; width: 1.8rem; height: 1.8rem;
          padding: .4rem; border-radius: .4rem; background: #000a;
          fill: none; stroke: #fff; stroke-width: 1.6;
        }
        .about { flex: 1; padding: .6rem .75rem; min-width: 0; }
        .score { display: flex; align-items: center; gap: .6rem; margin: 0 0 .35rem; }
        .score .bar { flex: 1; }
        .score .bar > span { background: hsl(calc(var(--part, 0) * 120) 65% 42%); }
        .score b { font-variant-numeric: tabular-nums; }
        .label { margin: 0; font-weight: 600; }
        .name { margin: 0; color: var(--dim); font-size: .875rem; }
        .choice { display: grid; grid-template-columns: 1fr 1fr 1.3fr; gap: .4rem; }
        .card .choice { padding: 0 .75rem .75rem; }
        .choice button {
          position: relative; min-height: 3rem; padding: 0; font-size: .9rem; font-weight: 600;
          white-space: nowrap;
        }
        .choice [data-verdict=keep] { color: var(--keep); }
        .choice [data-verdict=reject] { color: var(--reject); }
        .choice [data-verdict=undecided] { color: var(--undecided); }
        .choice [aria-pressed=true] { color: var(--on-color); border-color: transparent; }
        .choice [aria-pressed=true]::before {
          content: "\2713\FE0E"; position: absolute; top: .05rem; inset-inline-end: .35rem;
          font-size: .8rem;
        }
        .choice [data-verdict=keep][aria-pressed=true] { background: var(--keep); }
        .choice [data-verdict=reject][aria-pressed=true] { background: var(--reject); }
        .choice [data-verdict=undecided][aria-pressed=true] { background: var(--undecided); }

        dialog {
          width: min(34rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem);
          overflow: auto; padding: 1rem; color: inherit; background: var(--card);
          border: 1px solid var(--line); border-radius: .75rem;
        }
        dialog:focus-visible { outline: none; }
        dialog::backdrop { background: #000b; }
        dialog h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
        dialog table { border-spacing: 0 .35rem; }
        dialog th { text-align: start; font-weight: normal; padding-inline-end: 1rem; }
        dialog textarea {
          width: 100%; height: 9rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--field); font: .8rem/1.35 ui-monospace, monospace; padding: .5rem;
        }
        .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
        .actions .last { margin-inline-start: auto; }
        #player { width: min(64rem, calc(100vw - 1.5rem)); padding: .75rem; }
        #player video {
          display: block; width: 100%; height: min(58dvh, 36rem); background: #000;
          border-radius: .5rem; object-fit: contain;
        }
        #player .about { padding: .6rem 0; }

        @media (max-width: 30rem) {
          header { padding: .5rem .75rem; gap: .4rem .5rem; }
          .count { flex-basis: 100%; font-size: .9rem; }
          header label { font-size: .9rem; }
          h1, header label span, #save span:first-of-type {
            position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          }
          header label { flex: 1; }
          header label > * { flex: 1; min-width: 0; width: 100%; }
          #player video { height: 45dvh; }
          header button, header select, header input { padding: 0 .5rem; }
          #help { display: none; }
          main { padding: .75rem .75rem 2rem; }
        }
        """#
}
