import Processes
import SystemPackage

extension LoggedChild {
    /// A long child process with the variables of the tools.
    ///
    /// - Parameters:
    ///   - folder: the working directory.
    ///   - temporary: the folder for temporary files. For pip it is inside the environment that is
    ///     made, so that whatever ends pip, nothing is left elsewhere, and so that `/tmp`, often
    ///     small, need not hold gigabytes.
    ///   - pip: how packages are reached, for pip.
    package init(folder: FilePath, temporary: FilePath, pip: PipSettings = .none) {
        var environment = ToolEnvironment.changes
        for (name, value) in pip.variables { environment[name] = value }
        environment["TMPDIR"] = temporary.string
        // SAM 2 runs without its CUDA extension, which needs a compiler that few have.
        environment["SAM2_BUILD_CUDA"] = "0"
        self.init(folder: folder, environment: environment)
    }
}
