import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// The fields of a checkpoint's configuration file, read with their defaults and limits. `null`
/// counts as left out, as it does for the program that writes these files.
///
/// Every method throws an `EightCutError` with code `inputUnusable` that names the field and the
/// file.
package struct ConfigurationFields: Sendable {
    private let path: FilePath
    /// The names of the objects around this one, each with a full stop.
    private let prefix: String
    private let values: [String: JSONValue]

    /// A configuration file is never longer.
    private static let limit = 1 << 20

    /// Reads a file.
    ///
    /// - Throws: also `inputMissing` when it cannot be read.
    package init(_ path: FilePath) throws {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.limit)
        } catch let error as Errno {
            throw Self.error(path, "\(error)", code: .inputMissing)
        }
        guard let values = try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
        else { throw Self.error(path, "it is no JSON object") }
        self.init(path: path, prefix: "", values: values)
    }

    private init(path: FilePath, prefix: String, values: [String: JSONValue]) {
        self.path = path
        self.prefix = prefix
        self.values = values
    }

    /// The value of a field; nil when it is left out.
    package func value(_ name: String) -> JSONValue? {
        guard let value = values[name], value != .null else { return nil }
        return value
    }

    /// An object inside of this one; nil when it is left out.
    package func object(_ name: String) throws -> ConfigurationFields? {
        guard let value = value(name) else { return nil }
        guard case .object(let inner) = value else { throw problem(name, "is no object") }
        return ConfigurationFields(path: path, prefix: prefix + name + ".", values: inner)
    }

    /// An error about a field of this file.
    package func problem(_ name: String, _ why: String) -> EightCutError {
        Self.error(path, "\(quoted(prefix + name)) \(why)")
    }

    private static func error(
        _ path: FilePath,
        _ why: String,
        code: ErrorCode = .inputUnusable
    ) -> EightCutError {
        EightCutError(
            code,
            "cannot use the model's configuration",
            on: path.string,
            because: why,
            remedy: "Use the files of one of the checkpoints in 8cut models list, unchanged."
        )
    }
}
