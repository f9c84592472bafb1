import Diagnostics
import Files
import SystemPackage

extension PromptList {
    /// Version of the format that is read and written.
    package static let version = 1
    /// The most bytes that a file of prompts may have.
    package static let fileLimit = 1 << 20

    /// Reads a file of prompts (docs/prompts.md).
    ///
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be read, `inputUnusable` with line
    ///   and field when there is a mistake in it.
    package init(file path: FilePath) throws {
        let source = PromptSource.file(path)
        let document = try Self.document(path)
        let fields = try PromptFields(document) { source.origin(line: $0) }
        // Another version may have other fields.
        guard let version = fields.value("v") else {
            throw source.origin(line: document.line).refusal(
                "it does not say its version",
                remedy: "Begin it with {\"v\": \(Self.version), \"prompts\": [ …"
            )
        }
        let number = try fields.integer("v")
        guard number == Self.version else {
            throw source.origin(line: version.line).refusal(
                "it is of version \(number ?? 0), and 8cut \(programVersion) knows version "
                    + "\(Self.version)",
                remedy: "Write \"v\": \(Self.version) if the rest is as docs/prompts.md says."
            )
        }
        try fields.checkNames(["v", "prompts"])
        guard let list = fields.value("prompts") else {
            throw source.origin(line: document.line).refusal(
                "it has no field 'prompts'",
                remedy: "Write \"prompts\": [ and the prompts behind the version."
            )
        }
        try self.init(json: list, from: source)
    }

    private static func document(_ path: FilePath) throws -> LocatedJSON {
        let what = "cannot read the prompts"
        do {
            return try LocatedJSON(parsing: SmallFile.read(path, limit: fileLimit))
        } catch let flaw as JSONParseError {
            throw EightCutError(
                .inputUnusable,
                what,
                on: path.string,
                because: "line \(flaw.line), column \(flaw.column): \(flaw.why)",
                remedy: "The file must be JSON."
            )
        } catch Errno.fileTooLarge {
            throw EightCutError(
                .inputUnusable,
                what,
                on: path.string,
                because: "the file has more than \(fileLimit) bytes",
                remedy: "Is it a file of prompts?"
            )
        } catch let error as Errno {
            throw EightCutError(.inputMissing, what, on: path.string, because: "\(error)")
        }
    }
}
