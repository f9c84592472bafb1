import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage

/// The programs that read and write media, and where they are.
package enum FFmpegProgram: String, Sendable, CaseIterable {
    case ffmpeg, ffprobe

    /// The variable that names a folder with both of them, to be used instead of those in `PATH`.
    package static let folderVariable = "EIGHTCUT_FFMPEG"

    /// The folder that the variable names.
    ///
    /// - Returns: nil where it is not set.
    /// - Throws: `EightCutError` of code `toolMissing` when the folder is not one that has both
    ///   programs in it.
    package static func namedFolder() throws -> FilePath? {
        guard let value = getenv(folderVariable), value.pointee != 0 else { return nil }
        let folder = FilePath(platformString: value)
        guard folder.isAbsolute else {
            throw unusable(folder, "it does not begin with a slash")
        }
        guard FileStatus(following: folder)?.kind == .folder else {
            throw unusable(folder, "there is no such folder")
        }
        for program in allCases
        where !ProgramSearch.isProgram(folder.appending(program.rawValue)) {
            throw unusable(folder, "there is no program \(program.rawValue) in it")
        }
        return folder
    }

    private static func unusable(_ folder: FilePath, _ why: MessageText) -> EightCutError {
        EightCutError(
            .toolMissing,
            "cannot use the folder that EIGHTCUT_FFMPEG names",
            on: folder.string,
            because: why,
            remedy: "Set EIGHTCUT_FFMPEG to the folder that has ffmpeg and ffprobe in it, "
                + "or unset it to use those in PATH."
        )
    }

    /// The program: in the folder that the variable names, else the one in `PATH`.
    ///
    /// - Throws: `EightCutError` of code `toolMissing` when the variable makes no sense.
    package func program() throws -> ChildProcess.Program {
        try Self.namedFolder().map { .path($0.appending(rawValue)) } ?? .name(rawValue)
    }

    /// A run of the program. In its own session: ffmpeg would take the terminal's Ctrl-C as
    /// "finish early" and end the frames as if the video were over.
    ///
    /// - Throws: `EightCutError` of code `toolMissing` when the variable makes no sense.
    func child(_ arguments: [String]) throws -> ChildProcess {
        ChildProcess(
            try program(),
            FFmpegDialect.adapted(arguments),
            environment: Self.environment
        )
    }

    /// Changes to our variables: no colour codes inside the messages.
    package static let environment: [String: String?] = [
        "AV_LOG_FORCE_COLOR": nil, "AV_LOG_FORCE_256COLOR": nil, "AV_LOG_FORCE_NOCOLOR": "1",
    ]

    /// The error to show when the program cannot be run.
    func startError(_ error: ChildProcessError, on path: FilePath) -> EightCutError {
        error.error(
            "cannot read the video",
            on: path.string,
            remedy: PackageManager.current.advice(on: .ffmpeg)
        )
    }

    /// The exit status of an ffmpeg that caught a signal and ended early.
    static let stoppedStatus: Int32 = 255

    /// The error for a child that was killed by a signal.
    func killedError(signal: Int32, on path: FilePath) -> EightCutError {
        endedError(
            "\(rawValue) was ended by signal \(ChildExit.describe(signal: signal))",
            on: path
        )
    }

    /// The error for a child that was asked to end, and has ended in good order.
    func stoppedError(on path: FilePath) -> EightCutError {
        endedError("\(rawValue) was asked to end early", on: path)
    }

    /// The error for a child that failed without an error message of the usual form: the video is
    /// not the cause.
    func failedError(status: Int32, message: String?, on path: FilePath) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot read the video",
            on: path.string,
            because: "\(rawValue) ended with status \(status)"
                + (message.map { " and said \(quoted($0))" } ?? ""),
            remedy: "Check that \(rawValue) works: try \(rawValue) -version."
        )
    }

    private func endedError(_ why: MessageText, on path: FilePath) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot go on reading the video",
            on: path.string,
            because: why,
            remedy: "Run the same command again: finished frames are kept. "
                + "If the system had too little memory, close other programs first."
        )
    }
}
