import Files
import Glibc
import SystemPackage

/// An installed Python environment whose `python` is a shell script.
enum StandInPython {
    /// Puts one into a home.
    ///
    /// - Parameters:
    ///   - script: what `python` does.
    ///   - home: the home folder of the program.
    ///   - hasReference: whether the reference implementation counts as installed.
    /// - Throws: `EightCutError` when the files cannot be written.
    static func install(
        _ script: String,
        in home: FilePath,
        hasReference: Bool = true
    ) throws {
        let environment = home.appending("venv")
        try Folder.create(environment.appending("bin"))
        let python = environment.appending("bin").appending("python")
        try AtomicFile.write("#!/bin/sh\n" + script + "\n", to: python)
        chmod(python.string, 0o755)
        try AtomicFile.write(
            """
            {"schema": 1, "program": "0.1.0", "variant": "cpu", "reference": \(hasReference),
             "packages": {}, "created": "2026-01-01T00:00:00Z"}
            """,
            to: environment.appending("8cut.json")
        )
    }
}
