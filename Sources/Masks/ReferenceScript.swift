import Diagnostics
import Files
import Glibc
import MLTools
import SystemPackage

/// The original design's script, which is installed with the program.
public enum ReferenceScript {
    private static let name = "depth_masks.py"

    /// Finds the script: in `share/8cut` beside the folder of an installed program, or in `tools`
    /// in a folder above one that was just built.
    ///
    /// - Parameter program: `8cut`.
    /// - Returns: the script's path.
    /// - Throws: `EightCutError` of code `toolMissing` when it is nowhere.
    public static func find(
        program: FilePath = ToolsStatus.runningProgram
    ) throws(EightCutError) -> FilePath {
        var places: [FilePath] = []
        if let resolved = realpath(program.string, nil) {
            defer { free(resolved) }
            var folder = FilePath(platformString: resolved).removingLastComponent()
            let prefix = folder.removingLastComponent()
            places.append(prefix.appending("share").appending("8cut").appending(name))
            while folder.removeLastComponent() {
                places.append(folder.appending("tools").appending(name))
            }
        }
        if let script = places.first(where: { access($0.string, R_OK) == 0 }) { return script }
        throw EightCutError(
            .toolMissing,
            "cannot find the reference script",
            on: name,
            because: "it is not where the program is: \(places.first?.string ?? program.string)",
            remedy: "Install 8cut anew with make install."
        )
    }
}
