import Diagnostics
import Files
import FoundationEssentials

/// The page as HTML: one file, which loads nothing but the overlays beside it.
package enum PageMarkup {
    /// What every page of ours begins with, and so how it is known.
    static let head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="generator" content="8cut review">
        <meta name="page" content="
        """

    /// - Parameters:
    ///   - page: the name under which a browser keeps the verdicts: hex digits.
    ///   - data: what is shown.
    /// - Returns: the text of the file.
    /// - Throws: what the JSON encoder throws.
    package static func html(page: String, _ data: PageData) throws -> String {
        head + page + """
            ">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>Review of masks</title>
            <style>\(PageStyle.css)</style>
            </head>
            <body>
            \(body)
            <script type="application/json" id="data">\(try embedded(data))</script>
            <script>\(PageScript.javascript)</script>
            </body>
            </html>

            """
    }

    /// Nothing is loaded but images and videos beside the page; nothing runs but its own script,
    /// whatever a label says.
    private static let policy = [
        "default-src 'none'", "img-src 'self' file:", "media-src 'self' file:",
        "style-src '\(hash(PageStyle.css))'", "script-src '\(hash(PageScript.javascript))'",
        "base-uri 'none'", "form-action 'none'",
    ].joined(separator: "; ")

    /// The digest of an inline text, as browsers compute it.
    private static func hash(_ text: String) -> String {
        let digest = Digest()
        var text = text
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        let hex = Array(digest.finish().utf8)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        return "sha256-" + Data(bytes).base64EncodedString()
    }

    /// JSON that cannot end the element that it is in, nor begin another.
    static func embedded(_ value: some Encodable) throws -> String {
        let escapes = ["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"]
        // Only strings have these.
        return escapes.reduce(try JSONText.line(value)) {
            $0.replacing(exactly: $1.key, with: $1.value)
        }
    }

    private static let body = #"""
        <header>
        <h1>Review of masks</h1>
        <div class="count">
          <span id="count" role="status"></span>
          <span class="bar" aria-hidden="true"><span id="done"></span></span>
        </div>
        <label><span>Reviewer</span>
          <input id="reviewer" autocomplete="name" spellcheck="false" aria-label="Reviewer">
        </label>
        <label><span>Show</span>
          <select id="filter" aria-label="Show">
            <option value="all">All</option>
            <option value="left">Left</option>
            <option value="keep">Kept</option>
            <option value="reject">Rejected</option>
            <option value="undecided">Undecided</option>
          </select>
        </label>
        <button id="save" class="main">Save<span> verdicts</span><span id="news"></span></button>
        <button id="help" aria-label="Keys" title="Keys (?)">?</button>
        <p id="note" role="note" hidden>This browser keeps nothing for this page: save your
          verdicts before you close it.</p>
        </header>

        <main>
        <noscript><p>This page needs JavaScript, which is part of this file.</p></noscript>
        <ol id="clips" aria-label="Clips"></ol>
        <p id="none" hidden></p>
        <p id="said" class="unseen" aria-live="polite"></p>
        </main>

        <template id="card"><li><article class="card" tabindex="-1">
          <button class="screen">
            <video muted loop playsinline preload="none" aria-hidden="true" tabindex="-1"></video>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>
          </button>
          <div class="about"></div>
          <div class="choice" role="group" aria-label="Verdict"></div>
        </article></li></template>

        <template id="about">
          <p class="score"><span class="unseen">Score</span>
            <span class="bar" aria-hidden="true"><span></span></span><b></b></p>
          <p class="label"><bdi></bdi></p>
          <p class="name"><bdi></bdi></p>
        </template>

        <template id="choice">
          <button data-verdict="keep" aria-pressed="false">Keep</button>
          <button data-verdict="reject" aria-pressed="false">Reject</button>
          <button data-verdict="undecided" aria-pressed="false">Undecided</button>
        </template>

        <dialog id="player" aria-label="Clip with sound" tabindex="-1">
          <video controls loop playsinline></video>
          <div class="about"></div>
          <div class="choice" role="group" aria-label="Verdict"></div>
          <div class="actions">
            <button id="previous">Previous</button>
            <button id="next">Next</button>
            <button class="last" data-close>Close</button>
          </div>
        </dialog>

        <dialog id="saving" aria-labelledby="saving-title">
          <h2 id="saving-title">Save verdicts</h2>
          <p id="saving-text"></p>
          <p>No file? Copy this text into one:</p>
          <textarea id="json" readonly spellcheck="false" aria-label="The verdicts as JSON">
          </textarea>
          <div class="actions">
            <button id="copy">Copy</button>
            <button id="forget">Forget all verdicts…</button>
            <button class="main last" data-close>Close</button>
          </div>
        </dialog>

        <dialog id="keys" aria-labelledby="keys-title">
          <h2 id="keys-title">Keys</h2>
          <table>
            <tr><th><kbd>A</kbd> or <kbd>Enter</kbd></th><td>keep, and go to the next clip</td></tr>
            <tr><th><kbd>X</kbd></th><td>reject, and go on</td></tr>
            <tr><th><kbd>U</kbd></th><td>undecided, and go on</td></tr>
            <tr><th><kbd>Backspace</kbd></th><td>go back, and undo the last verdict</td></tr>
            <tr><th><kbd>←</kbd> <kbd>→</kbd>, <kbd>K</kbd> <kbd>J</kbd></th>
              <td>previous and next clip</td></tr>
            <tr><th><kbd>↑</kbd> <kbd>↓</kbd></th><td>the row above and below</td></tr>
            <tr><th><kbd>Space</kbd></th><td>play or pause</td></tr>
            <tr><th><kbd>L</kbd></th><td>play large, with sound</td></tr>
            <tr><th><kbd>?</kbd></th><td>these keys</td></tr>
          </table>
          <div class="actions"><button class="main last" data-close>Close</button></div>
        </dialog>
        """#
}
