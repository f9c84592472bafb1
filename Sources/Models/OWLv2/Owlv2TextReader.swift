import Diagnostics
import SystemPackage
import Tokenizers

/// Texts as the model reads them. It can be asked before the model is loaded.
package struct Owlv2TextReader: Sendable {
    private let tokenizer: CLIPTokenizer
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

    /// The tokens of a text, from the start's to the end's.
    ///
    /// - Throws: `EightCutError` (`usage`) when there are more than the model reads.
    package func tokens(of words: String) throws -> [Int32] {
        let tokens = tokenizer.tokens(of: words)
        guard tokens.count <= limit else {
            throw EightCutError(
                .usage,
                "cannot look for",
                on: words,
                because: "it has \(tokens.count - 2) tokens; the model reads \(limit - 2) at most",
                remedy: "Use fewer words: the name of the thing alone."
            )
        }
        return tokens
    }
}
