/// The part of a shell's grammar that the documents use.
enum Shell {
    /// The commands of a script, each as its words.
    ///
    /// Understands quotation marks, comments, continued lines, redirections, and what separates
    /// commands. Variables and substitutions stay as they are written; assignments in front of a
    /// command are left out.
    static func commands(in script: String) -> [[String]] {
        var reader = Reader(rest: Array(script))
        return reader.commands().map { words in
            Array(words.drop { $0.contains(/^[A-Z_]+=/) })
        }.filter { !$0.isEmpty }
    }

    /// The arguments of the commands that run `8cut`.
    static func examples(in script: String) -> [[String]] {
        commands(in: script).filter { $0.first == "8cut" }.map { Array($0.dropFirst()) }
    }

    private struct Reader {
        var rest: [Character]
        private var place = 0
        private var done: [[String]] = []
        private var words: [String] = []
        private var word: String?
        private var skipsWord = false

        init(rest: [Character]) { self.rest = rest }

        mutating func commands() -> [[String]] {
            while let character = next() { take(character) }
            endCommand()
            return done
        }

        private mutating func take(_ character: Character) {
            switch character {
            case "'", "\"": quote(until: character)
            case "\\":
                if let escaped = next(), escaped != "\n" { word = (word ?? "") + [escaped] }
            case "#" where word == nil:
                while place < rest.count, rest[place] != "\n" { place += 1 }
            case " ", "\t": endWord()
            case "\n", ";", "|", "&": endCommand()
            case ">", "<":
                endWord()
                skipsWord = true
            default: word = (word ?? "") + [character]
            }
        }

        private mutating func quote(until end: Character) {
            var text = word ?? ""
            while let character = next(), character != end {
                if end == "\"", character == "\\", let escaped = next() {
                    if escaped != "\n" { text.append(escaped) }
                } else {
                    text.append(character)
                }
            }
            word = text
        }

        private mutating func next() -> Character? {
            guard place < rest.count else { return nil }
            defer { place += 1 }
            return rest[place]
        }

        private mutating func endWord() {
            guard let word else { return }
            if !skipsWord { words.append(word) }
            skipsWord = false
            self.word = nil
        }

        private mutating func endCommand() {
            endWord()
            skipsWord = false
            if !words.isEmpty { done.append(words) }
            words = []
        }
    }
}
