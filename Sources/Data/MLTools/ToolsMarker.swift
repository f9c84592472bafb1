import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// What `8cut.json` in an environment says: that it is ours and how it was made.
package struct ToolsMarker: Sendable, Codable, Equatable {
    /// Version of this format.
    package static let currentSchema = 1

    /// Version of the format.
    package let schema: Int
    /// Version of the program that made the environment.
    package let program: String
    /// The build of the inference library.
    package let variant: ToolVariant
    /// Whether the packages of the original design are in it.
    package let reference: Bool
    /// Versions of all packages, by name.
    package let packages: [String: String]
    /// When it was made, as ISO 8601.
    package let created: String

    /// Describes an environment that is made now.
    init(variant: ToolVariant, reference: Bool, packages: [String: String]) {
        schema = Self.currentSchema
        program = programVersion
        self.variant = variant
        self.reference = reference
        self.packages = packages
        created = Date.now.formatted(.iso8601)
    }

    /// Reads a marker.
    ///
    /// - Throws: when it cannot be read, or a newer program wrote it.
    package init(readingFrom path: FilePath) throws {
        let data = try Data(contentsOf: URL(filePath: path.string))
        self = try JSONDecoder().decode(ToolsMarker.self, from: data)
        guard schema == Self.currentSchema else { throw UnknownSchema() }
    }

    /// Writes the marker; it is there whole or not at all, even after a power cut.
    ///
    /// - Throws: `EightCutError`.
    func write(to path: FilePath) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        try AtomicFile.write(text + "\n", to: path, isDurable: true)
    }

    private struct UnknownSchema: Error {}
}
