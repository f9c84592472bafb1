import Files
import MLTools
import OnnxEngine
import SystemPackage

/// The ML tools that the tests use: `make test` installs them beside what it builds.
public enum TestTools {
    /// To be `EIGHTCUT_HOME`.
    public static let home = EightCutHome(
        FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().appending(".build").appending("test-tools")
    )

    /// The inference library.
    ///
    /// - Throws: `EightCutError` when it is not there: run `scripts/install-test-tools`.
    public static func library() throws -> RuntimeLibrary {
        try RuntimeLibrary(at: RuntimeLocation.find(in: home.environment))
    }
}
