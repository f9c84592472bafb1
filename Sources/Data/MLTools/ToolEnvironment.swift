import Subprocess
import SystemPackage

/// What child processes get from us.
enum ToolEnvironment {
    /// A session of its own, so that the terminal's Ctrl-C reaches us alone. We then end the
    /// whole session: pip has children.
    static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        return options
    }

    /// Our variables, without those that lead Python out of its environment, or pip away from
    /// the one it belongs to. pip's other settings (mirrors, proxies, certificates) are the
    /// user's and stay.
    static var inherited: Environment { .inherit.updating(changes) }

    /// The same, with temporary files in a folder.
    ///
    /// - Parameter temporary: lies in the environment that is made, so that whatever ends pip,
    ///   nothing is left elsewhere, and so that `/tmp`, often small, need not hold gigabytes.
    /// - Returns: the child's variables.
    static func inherited(temporary: FilePath) -> Environment {
        inherited.updating([
            "TMPDIR": temporary.string,
            // SAM 2 runs without its CUDA extension, which needs a compiler that few have.
            "SAM2_BUILD_CUDA": "0",
        ])
    }

    private static let changes: [Environment.Key: String?] = [
        "PYTHONHOME": nil, "PYTHONPATH": nil, "PYTHONSTARTUP": nil, "PYTHONUSERBASE": nil,
        "PYTHONPLATLIBDIR": nil, "PYTHONEXECUTABLE": nil, "VIRTUAL_ENV": nil,
        "__PYVENV_LAUNCHER__": nil, "PIP_TARGET": nil, "PIP_PREFIX": nil, "PIP_ROOT": nil,
        "PIP_PYTHON": nil, "PIP_DRY_RUN": nil, "PIP_USER": "0",
    ]
}
