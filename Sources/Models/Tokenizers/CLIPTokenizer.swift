import Diagnostics
import Files
import SystemPackage

/// The tokenizer of CLIP's text encoder, which OWLv2 shares: Unicode composition, lower case, words
/// by `WordScanner`, and byte pairs inside the words.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", ICML
/// 2021. Tokens equal those of `CLIPTokenizer` in transformers (models/clip/tokenization_clip.py).
package struct CLIPTokenizer: Sendable {
    /// The token before every text.
    package let start: Int32
    /// The token behind every text.
    package let end: Int32

    private let encoding: BytePairEncoding
    /// Texts that are one token wherever they occur. Checkpoints of OWLv2 have "!" among them, with
    /// which they pad.
    private let special: [(text: String, token: Int32)]

    /// More bytes than a checkpoint's vocabulary has.
    private static let limit = 16 << 20
    private static let startText = "<|startoftext|>"
    private static let endText = "<|endoftext|>"

    /// Reads `vocab.json`, `merges.txt` and, where it is there, `tokenizer_config.json` of a
    /// checkpoint.
    ///
    /// - Throws: `EightCutError`: `inputMissing` when a file cannot be read, `inputUnusable` when
    ///   they are not a vocabulary and its merges.
    package init(folder: FilePath) throws {
        let vocabularyFile = folder.appending("vocab.json")
        let mergesFile = folder.appending("merges.txt")
        let vocabulary = try Self.vocabulary(vocabularyFile)
        do {
            encoding = try BytePairEncoding(
                merges: Self.merges(mergesFile),
                vocabulary: vocabulary
            )
        } catch let problem as BytePairEncoding.Problem {
            throw Self.unusable(mergesFile, problem.why)
        }
        guard let start = vocabulary[ExactText(Self.startText)],
            let end = vocabulary[ExactText(Self.endText)]
        else {
            throw Self.unusable(
                vocabularyFile,
                "it lacks \(quoted(Self.startText)) or \(quoted(Self.endText))"
            )
        }
        (self.start, self.end) = (start, end)
        let padding = try Self.paddingText(folder.appending("tokenizer_config.json"))
        let texts = [Self.startText, Self.endText] + (padding.map { [$0] } ?? [])
        special = texts.compactMap { text in vocabulary[ExactText(text)].map { (text, $0) } }
    }

    /// The tokens of a text, from `start` to `end`; at least these two.
    package func tokens(of text: String) -> [Int32] {
        var tokens = [start]
        var rest = text[...]
        while let (range, token) = firstSpecial(in: rest) {
            tokens += plainTokens(of: rest[..<range.lowerBound])
            tokens.append(token)
            rest = rest[range.upperBound...]
        }
        return tokens + plainTokens(of: rest) + [end]
    }

    private func firstSpecial(in text: Substring) -> (Range<String.Index>, Int32)? {
        special
            .compactMap { special in
                text.firstRange(exactly: special.text).map { ($0, special.token) }
            }
            .min { $0.0.lowerBound < $1.0.lowerBound }
    }

    private func plainTokens(of text: Substring) -> [Int32] {
        WordScanner(text).flatMap { encoding.tokens(of: $0) }
    }
}

// MARK: - Files

extension CLIPTokenizer {
    private static func vocabulary(_ path: FilePath) throws -> [ExactText: Int32] {
        let json: LocatedJSON
        do {
            json = try LocatedJSON(parsing: read(path))
        } catch let error as JSONParseError {
            throw unusable(path, "it is no JSON (line \(error.line): \(error.why))")
        }
        guard let members = json.members else { throw unusable(path, "it is no JSON object") }
        var vocabulary: [ExactText: Int32] = [:]
        vocabulary.reserveCapacity(members.count)
        for member in members {
            guard let token = member.value.integer, let token = Int32(exactly: token), token >= 0
            else {
                throw unusable(
                    path,
                    "\(quoted(member.name)) is \(member.value.kind), not the number of a token"
                )
            }
            vocabulary[ExactText(member.name)] = token
        }
        return vocabulary
    }

    private static func merges(
        _ path: FilePath
    ) throws -> [(left: Substring, right: Substring)] {
        let text = String(decoding: try read(path), as: UTF8.self)
        var lines = text.exactLines[...]
        // The first line tells the version of the format.
        if let first = lines.first, first.hasPrefix(exactly: "#version") { lines.removeFirst() }
        return try lines.filter { !$0.isEmpty }.map { line in
            guard let (left, right) = line.divided(atFirst: " "), !left.isEmpty, !right.isEmpty
            else { throw unusable(path, "the line \(quoted(String(line))) is not two symbols") }
            return (left, right)
        }
    }

    /// The text of the token that a checkpoint pads with.
    private static func paddingText(_ path: FilePath) throws -> String? {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: limit)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        guard let json = try? LocatedJSON(parsing: bytes) else {
            throw unusable(path, "it is no JSON")
        }
        let padding = json["pad_token"]
        return padding?.string ?? padding?["content"]?.string
    }

    private static func read(_ path: FilePath) throws -> [UInt8] {
        do {
            return try SmallFile.read(path, limit: limit)
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read",
                on: path.string,
                because: "\(error)",
                remedy: "Download the checkpoint again."
            )
        }
    }

    private static func unusable(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot use the tokenizer of",
            on: path.string,
            because: why,
            remedy: "Download the checkpoint again."
        )
    }
}
