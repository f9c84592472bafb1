import Diagnostics

/// What stands at the end of an option's value: `@FRAME`, `#OBJECT`, both in any order, or
/// neither.
struct PromptSuffix {
    /// Nil where none is named.
    private(set) var frame: Int?
    /// Nil where none is named.
    private(set) var object: Int?
    /// What stands before.
    private(set) var rest: Substring

    /// Takes off the end what is a mark and digits, each mark once. All else stays, since names
    /// of files may hold both marks.
    ///
    /// - Throws: `EightCutError` when a number is too large.
    init(_ text: String, _ origin: PromptOrigin) throws {
        rest = Substring(text)
        while let mark = rest.lastIndex(where: { $0 == "@" || $0 == "#" }) {
            let digits = rest[rest.index(after: mark)...]
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return
            }
            // A number of too many digits is too large for either.
            let number = Int(digits) ?? Int.max
            if rest[mark] == "@" {
                guard frame == nil else { return }
                try origin.check(frame: number)
                frame = number
            } else {
                guard object == nil else { return }
                try origin.check(object: number)
                object = number
            }
            rest = rest[..<mark]
        }
    }

    /// - Throws: `EightCutError` when marks are left, where no file is named.
    func checkRest(_ origin: PromptOrigin) throws {
        guard let mark = rest.lastIndex(where: { $0 == "@" || $0 == "#" }) else { return }
        let name = rest[mark] == "@" ? "frame" : "object"
        let word = rest[rest.index(after: mark)...]
        let isSecond = word.utf8.allSatisfy { (0x30...0x39).contains($0) } && !word.isEmpty
        throw origin.refusal(
            isSecond ? "it names two \(name)s" : "its \(name) is \(quoted(String(word)))",
            remedy:
                "Write @ and the number of one frame (from 0), # and that of one object (from 1)."
        )
    }
}
