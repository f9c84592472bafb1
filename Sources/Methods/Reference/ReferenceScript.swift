import Diagnostics
import Files
import Glibc
import MLTools
import SystemPackage

/// The original design's scripts, which are installed with the program.
package enum ReferenceScript: String, Sendable, CaseIterable {
    /// Depth Anything V2.
    case depth = "depth_masks.py"
    /// SAM 2.
    case sam = "sam_masks.py"

    /// The words that run the script: the environment's Python, and the script.
    ///
    /// - Parameters:
    ///   - script: which script.
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`.
    ///   - path: where the script is; nil for the one that is installed with the program.
    /// - Returns: what comes before the script's own options.
    /// - Throws: `EightCutError` of code `toolMissing` when the reference's packages are not
    ///   installed, or the script is nowhere.
    package static func command(
        _ script: ReferenceScript,
        home: EightCutHome,
        program: FilePath,
        at path: FilePath? = nil
    ) throws -> [String] {
        let tools = ToolsFolder(home: home)
        let marker = try? ToolsMarker(readingFrom: tools.path.appending(ToolsFolder.marker))
        guard let marker, marker.reference, access(tools.python.string, X_OK) == 0 else {
            throw EightCutError(
                .toolMissing,
                "cannot run the reference script",
                on: tools.path.string,
                because: "the reference packages are not installed there",
                remedy: "Install them: 8cut tools install --reference"
            )
        }
        return [tools.python.string, "-I", try (path ?? script.find(program: program)).string]
    }

    /// Finds the script: in `share/8cut` beside the folder of an installed program, or in `tools`
    /// in a folder above one that was just built.
    ///
    /// - Parameter program: `8cut`.
    /// - Returns: the script's path.
    /// - Throws: `EightCutError` of code `toolMissing` when it is nowhere.
    package func find(
        program: FilePath = ToolsStatus.runningProgram
    ) throws(EightCutError) -> FilePath {
        var places: [FilePath] = []
        if let resolved = realpath(program.string, nil) {
            defer { free(resolved) }
            var folder = FilePath(platformString: resolved).removingLastComponent()
            let prefix = folder.removingLastComponent()
            places.append(prefix.appending("share").appending("8cut").appending(rawValue))
            while folder.removeLastComponent() {
                places.append(folder.appending("tools").appending(rawValue))
            }
        }
        if let script = places.first(where: { access($0.string, R_OK) == 0 }) { return script }
        throw EightCutError(
            .toolMissing,
            "cannot find the reference script",
            on: rawValue,
            because: "it is not where the program is: \(places.first?.string ?? program.string)",
            remedy: "Install 8cut anew with make install."
        )
    }
}
