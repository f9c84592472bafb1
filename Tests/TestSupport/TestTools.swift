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

    /// The inference library.
    ///
    /// - Throws: `EightCutError` when it is not there: run `scripts/install-test-tools`.
    package static func library() throws -> RuntimeLibrary {
        try RuntimeLibrary(at: RuntimeLocation.find(in: home.environment))
    }
}
