import Diagnostics
import SystemPackage

extension PromptList {
    /// Adds the value of `--point`: `X,Y[,-][@FRAME][#OBJECT]`, or `center` for X,Y.
    ///
    /// - Throws: `EightCutError` when it is invalid.
    package mutating func append(point text: String) throws {
        let origin = PromptOrigin.option("--point", text)
        let suffix = try PromptSuffix(text, origin)
        try suffix.checkRest(origin)
        if suffix.rest == "center" {
            let center = Coordinate(x: .middle, y: .middle)
            return try append(.point(center, isPositive: true), suffix, origin)
        }
        let parts = suffix.rest.split(exactly: ",", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && ["+", "-"].contains(parts[2]) else {
            throw origin.error(
                "it is not X,Y or X,Y,-",
                remedy: "Write for example 640,360 for a point on the object, and 640,360,- for a "
                    + "point on the background."
            )
        }
        let point = Coordinate(
            x: try Axis.x.length(parts[0], "x", origin),
            y: try Axis.y.length(parts[1], "y", origin)
        )
        let content = Prompt.Content.point(point, isPositive: parts.count == 2 || parts[2] == "+")
        try append(content, suffix, origin)
    }

    /// Adds the value of `--box`: `X0,Y0,X1,Y1[@FRAME][#OBJECT]`.
    ///
    /// - Throws: `EightCutError` when it is invalid.
    package mutating func append(box text: String) throws {
        let origin = PromptOrigin.option("--box", text)
        let suffix = try PromptSuffix(text, origin)
        try suffix.checkRest(origin)
        let parts = suffix.rest.split(exactly: ",", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            throw origin.error(
                "it is not X0,Y0,X1,Y1",
                remedy: "Write the left, top, right and bottom side, for example 10,20,200,180."
            )
        }
        let leftTop = Coordinate(
            x: try Axis.x.length(parts[0], "x0", origin),
            y: try Axis.y.length(parts[1], "y0", origin)
        )
        let rightBottom = Coordinate(
            x: try Axis.x.length(parts[2], "x1", origin),
            y: try Axis.y.length(parts[3], "y1", origin)
        )
        try append(.box(leftTop, rightBottom), suffix, origin)
    }

    /// Adds the value of `--mask`: `FILE[@FRAME][#OBJECT]`, relative to the current folder.
    ///
    /// - Throws: `EightCutError` when no file is named.
    package mutating func append(mask text: String) throws {
        let origin = PromptOrigin.option("--mask", text)
        let suffix = try PromptSuffix(text, origin)
        guard !suffix.rest.isEmpty else {
            throw origin.error(
                "it names no file",
                remedy: "Write for example mask.png, or mask.png@30 for frame 30."
            )
        }
        try append(.mask(FilePath(String(suffix.rest))), suffix, origin)
    }

    /// Adds the value of `--text`: `WORDS[#OBJECT]`.
    ///
    /// - Throws: `EightCutError` when it names a frame, or the object has a text already.
    package mutating func append(text: String) throws {
        let origin = PromptOrigin.option("--text", text)
        let suffix = try PromptSuffix(text, origin)
        guard suffix.frame == nil else {
            throw origin.error(
                "it names a frame",
                remedy: "Leave @ and the number out: a text is looked for on several frames."
            )
        }
        try append(TextPrompt(String(suffix.rest), object: suffix.object ?? 1, from: origin))
    }

    private mutating func append(
        _ content: Prompt.Content,
        _ suffix: PromptSuffix,
        _ origin: PromptOrigin
    ) throws {
        let prompt = Prompt(frame: suffix.frame ?? 0, object: suffix.object ?? 1, content)
        try append(prompt, from: origin)
    }
}

/// The end of an option's value: `@FRAME`, `#OBJECT`, both in any order, or neither.
private struct PromptSuffix {
    private(set) var frame: Int?
    private(set) var object: Int?
    /// The text before.
    private(set) var rest: Substring

    /// Splits off each sign with its digits once, from the end. The rest is kept, because file names
    /// may contain both signs.
    ///
    /// - Throws: `EightCutError` when a number is too large.
    init(_ text: String, _ origin: PromptOrigin) throws {
        rest = Substring(text)
        while let (before, sign, digits) = Self.lastSign(rest) {
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return
            }
            // A number of too many digits is too large for either.
            let number = Int(digits) ?? Int.max
            if sign == "@" {
                guard frame == nil else { return }
                try origin.check(frame: number)
                frame = number
            } else {
                guard object == nil else { return }
                try origin.check(object: number)
                object = number
            }
            rest = before
        }
    }

    private static func lastSign(_ text: Substring) -> (Substring, Unicode.Scalar, Substring)? {
        let scalars = text.unicodeScalars
        guard let sign = scalars.lastIndex(where: { $0 == "@" || $0 == "#" }) else { return nil }
        return (text[..<sign], scalars[sign], text[scalars.index(after: sign)...])
    }

    /// - Throws: `EightCutError` when signs are left, for options that take no file.
    func checkRest(_ origin: PromptOrigin) throws {
        guard let (_, sign, word) = Self.lastSign(rest) else { return }
        let name = sign == "@" ? "frame" : "object"
        let isSecond = word.utf8.allSatisfy { (0x30...0x39).contains($0) } && !word.isEmpty
        throw origin.error(
            isSecond ? "it names two \(name)s" : "its \(name) is \(quoted(String(word)))",
            remedy:
                "Write @ and the number of one frame (from 0), # and that of one object (from 1)."
        )
    }
}
