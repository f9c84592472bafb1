import ArgumentParser
import Diagnostics
import Glibc

/// The command `8cut`.
package struct EightCut: AsyncParsableCommand {
    /// What the parser needs to know.
    package static let configuration = CommandConfiguration(
        commandName: "8cut",
        abstract: "Make one mask per frame of the object that makes the sound in a video.",
        discussion: """
            Examples:
              8cut masks saliency --input clip.mp4
              8cut masks saliency --input clip.mp4 --preview clip_preview.png
              8cut preview --input clip.mp4 --output clip_preview.mp4

            Exit status:
            \(exitStatuses)
            """,
        version: programVersion,
        subcommands: [
            ExportCommand.self, LibraryCommand.self, MasksCommand.self, PreviewCommand.self,
            MeasureCommand.self, VerifyCommand.self, ModelsCommand.self, ToolsCommand.self,
        ]
    )

    /// A line for every exit status.
    static let exitStatuses: String = {
        let meanings = ErrorCode.allCases.map { ($0.exitStatus, $0.meaning) }
        return ([(0, "all went well")] + meanings).sorted { $0.0 < $1.0 }.map { status, meaning in
            let number = String(status)
            return String(repeating: " ", count: 5 - number.count) + number + "  " + meaning
        }.joined(separator: "\n")
    }()

    /// Made by the parser.
    package init() {}

    /// Runs the program with the arguments of the process.
    ///
    /// - Returns: the exit status.
    package static func start() async -> Int32 {
        do {
            try refuseNamesThatAreNotUTF8()
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as EightCutError {
            writeLine("8cut: error: \(error)", to: STDERR_FILENO)
            return error.code.exitStatus
        } catch let status as ArgumentParser.ExitCode {
            return status.rawValue
        } catch {
            let status = exitCode(for: error).rawValue
            let isHelp = status == 0
            writeLine(fullMessage(for: error), to: isHelp ? STDOUT_FILENO : STDERR_FILENO)
            return status
        }
    }

    /// Swift's strings cannot hold such names: they would silently become other names.
    private static func refuseNamesThatAreNotUTF8() throws {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeRawBufferPointer(start: argument, count: strlen(argument))
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw EightCutError(
                .usage,
                "cannot use the argument",
                on: String(cString: argument),
                because: "it is not valid UTF-8",
                remedy: "Rename the file; convmv can do that for many files."
            )
        }
    }
}
