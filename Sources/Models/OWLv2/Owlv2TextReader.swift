import Diagnostics
import SystemPackage
import Tokenizers

/// Texts as the model reads them. It can be asked before the model is loaded.
package struct Owlv2TextReader: Sendable {
    private let tokenizer: CLIPTokenizer
    /// Tokens that a text may have, with start and end.
    private let limit: Int

    /// Reads the configuration and the vocabulary of a checkpoint.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the checkpoint is not what
    ///   it should be.
    package init(checkpoint folder: FilePath) throws {
        try self.init(Owlv2Configuration.read(from: folder), CLIPTokenizer(folder: folder))
    }

    private init(_ configuration: Owlv2Configuration, _ tokenizer: CLIPTokenizer) {
        self.tokenizer = tokenizer
        limit = configuration.textLength
    }

    /// Whether a text has no more tokens than the model reads.
    package func canRead(_ words: String) -> Bool { tokenizer.tokens(of: words).count <= limit }

    /// The error that a text is too long.
    ///
    /// - Parameters:
    ///   - text: the text, as it was typed.
    ///   - shortest: what it can be reduced to.
    /// - Returns: the error, with both and the limit.
    package func tooLong(_ text: String, reducedTo shortest: String) -> EightCutError {
        let count = "\(tokenizer.tokens(of: shortest).count - 2) tokens (words and parts of words)"
        return EightCutError(
            .usage,
            "cannot look for",
            on: text,
            because: (shortest.isExactly(text) ? "it has" : "even \(quoted(shortest)) has")
                + " \(count), and the detector reads \(limit - 2) at most",
            remedy: "Use fewer words: the name of the thing alone, such as \"dog\"."
        )
    }

    /// The tokens of a text, from the start's to the end's.
    ///
    /// - Throws: `EightCutError` (`usage`) when there are more than the model reads.
    package func tokens(of words: String) throws -> [Int32] {
        let tokens = tokenizer.tokens(of: words)
        guard tokens.count <= limit else { throw tooLong(words, reducedTo: words) }
        return tokens
    }
}
