import Checkpoints
import Diagnostics
import Files
import FireRedVAD
import OnnxEngine
import SileroVAD
import SystemPackage
import TransNetV2

/// The networks that look into videos, by the names of their checkpoints.
package struct ScanModels: Sendable {
    package static let speech = "silero-vad"
    package static let music = "fireredvad-aed"
    package static let shots = "transnetv2"

    private let library: RuntimeLibrary
    private let settings: SessionSettings

    /// - Parameters:
    ///   - library: runs the models.
    ///   - settings: device, threads and warnings.
    package init(_ library: RuntimeLibrary, _ settings: SessionSettings) {
        (self.library, self.settings) = (library, settings)
    }

    /// Makes sure that a checkpoint is there, before anything else is done.
    ///
    /// - Throws: `EightCutError` (`inputMissing`) that says how to download it.
    package static func require(_ name: String, _ kind: CheckpointKind) throws {
        _ = try folder(name, kind)
    }

    private static func folder(_ name: String, _ kind: CheckpointKind) throws -> FilePath {
        try CheckpointFolder.find(name, of: [kind], settings: .ofProcess(), home: .current)
    }

    func speechDetector() throws -> SpeechDetector {
        let folder = try Self.folder(Self.speech, .speech)
        return try SpeechDetector(
            weights: folder.appending(CheckpointFiles.sileroWeights),
            library: library,
            settings: settings
        )
    }

    func soundEventDetector() throws -> SoundEventDetector {
        let folder = try Self.folder(Self.music, .sounds)
        return try SoundEventDetector(
            weights: folder.appending(CheckpointFiles.fireRedWeights),
            library: library,
            settings: settings
        )
    }

    func shotNetwork() throws -> ShotNetwork {
        let folder = try Self.folder(Self.shots, .shots)
        return try ShotNetwork(
            weights: folder.appending(CheckpointFiles.transNetWeights),
            library: library,
            settings: settings
        )
    }
}
