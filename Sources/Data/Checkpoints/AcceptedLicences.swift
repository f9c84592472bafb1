import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// The licences that the user has accepted, stored in the settings.
package struct AcceptedLicences: Sendable {
    private static let file: FilePath.Component = "settings.json"
    private static let key = "acceptedLicences"
    private let home: EightCutHome

    package init(_ home: EightCutHome) {
        self.home = home
    }

    /// Whether a checkpoint may be downloaded: its licence need not be accepted, or the user has
    /// accepted it for this checkpoint.
    package func allow(_ checkpoint: Checkpoint) -> Bool {
        guard checkpoint.licence.needsYes else { return true }
        guard let settings = try? settings() else { return false }
        return names(in: settings).contains(checkpoint.name)
    }

    /// Stores an acceptance. Other settings stay.
    ///
    /// - Throws: `EightCutError` when the settings cannot be read or written.
    package func accept(_ checkpoint: Checkpoint) throws {
        guard !allow(checkpoint) else { return }
        var settings = try settings()
        let names = Set(names(in: settings) + [checkpoint.name]).sorted()
        settings[Self.key] = .array(names.map { .string($0) })
        let text = try JSONText.pretty(settings) + "\n"
        try homeErrors {
            let folder = try home.open()
            try folder.removeStaleTemporaries()
            try folder.write(
                text,
                to: Self.file,
                permissions: .privateFile,
                isDurable: true
            )
        }
    }

    private func names(in settings: [String: JSONValue]) -> [String] {
        guard case .array(let values)? = settings[Self.key] else { return [] }
        return values.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }

    private func settings() throws -> [String: JSONValue] {
        do {
            guard let folder = try OpenFolder.ifPresent(home.path),
                let bytes = try folder.read(Self.file, limit: 1 << 20)
            else { return [:] }
            return try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
        } catch let error as EightCutError {
            throw error
        } catch {
            throw EightCutError(
                .inputOutput,
                "cannot read the settings",
                on: home.settings.string,
                because: error is DecodingError ? "it is not a JSON object" : "\(error)",
                remedy: "Correct the file or delete it."
            )
        }
    }
}
