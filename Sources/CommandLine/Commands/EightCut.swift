import ArgumentParser
import Diagnostics
import Glibc
import Processes
import Progress

/// The command `8cut`.
package struct EightCut: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "8cut",
        abstract: """
            Cut clips from videos, and generate a segmentation mask of the sounding object for \
            every frame.
            """,
        discussion: """
            Clips are recorded in a library; checkpoints and the tools that run them are \
            downloaded only by 8cut models and 8cut tools.

            Examples:
              8cut export --input video.mp4 --start 1:02:03 --to clips --name dog
              8cut masks saliency --input clip.mp4
              8cut masks saliency --input clip.mp4 --preview sheet.png
              8cut preview --input clip.mp4 --output overlay.mp4

            \(Manual.isBeingGenerated ? Manual.exitStatuses : Manual.pointer)
            """,
        version: programVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Clip",
                subcommands: [
                    FindCommand.self, ExportCommand.self, LibraryCommand.self, DatasetCommand.self,
                ]
            ),
            CommandGroup(
                name: "Mask",
                subcommands: [
                    MasksCommand.self, BatchCommand.self, DetectCommand.self,
                    PreviewCommand.self, ReviewCommand.self, MeasureCommand.self,
                ]
            ),
            CommandGroup(
                name: "Setup",
                subcommands: [
                    DoctorCommand.self, ModelsCommand.self, ToolsCommand.self, VerifyCommand.self,
                ]
            ),
        ]
    )

    package init() {}

    /// What happens without a subcommand.
    package func run() async throws { try Listing.write(FirstSteps.text) }

    /// Runs the program with the arguments of the process.
    ///
    /// All errors are printed here. To be called on the main thread, before there is another.
    ///
    /// - Returns: the exit status.
    package nonisolated(nonsending) static func start() async -> Int32 {
        ProgramStart.openStreams()
        do {
            try refuseNamesThatAreNotUTF8()
            let arguments = Array(CommandLine.arguments.dropFirst())
            var command = try parseAsRoot(TextArguments.expandedForRoot(arguments))
            try await ProgramStart.prepare()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as EightCutError {
                throw Remedies.of(type(of: command)).advise(error)
            }
            return 0
        } catch let failure as JobFailure {
            // With --quiet an interruption says nothing: whoever asked for it knows.
            if failure.isInterruption {
                failure.log.note("\(failure.error)")
            } else {
                printError(failure.error)
            }
            return failure.exitStatus
        } catch let error as EightCutError {
            printError(error)
            return error.code.exitStatus
        } catch let status as ArgumentParser.ExitCode {
            return status.rawValue
        } catch {
            let status = exitCode(for: error).rawValue
            let message = fullMessage(for: error)
            if status == 0 { return printHelp(message) }
            writeLine(Self.visibleMessage(message), to: STDERR_FILENO)
            return status
        }
    }

    /// Prints what `--help` and `--version` ask for.
    private static func printHelp(_ text: String) -> Int32 {
        do {
            try Listing.write(text)
            return 0
        } catch let status as ArgumentParser.ExitCode {
            return status.rawValue
        } catch {
            let error = EightCutError(ending: error)
            printError(error)
            return error.code.exitStatus
        }
    }

    /// The parser's message, which quotes arguments as they are.
    private static func visibleMessage(_ message: String) -> String {
        let odd = CommandLine.arguments.dropFirst().filter { argument in
            argument.unicodeScalars.contains("\n") || argument.utf8.count > 1000
        }
        let shortened = odd.reduce(message) { text, argument in
            text.replacing(exactly: argument, with: visible(argument, limit: 600))
        }
        return visibleLines(shortened)
    }

    private static func printError(_ error: EightCutError) {
        writeLine("8cut: error: \(error)", to: STDERR_FILENO)
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

/// What the man page has and `--help` has not. Its generator reads what the program prints for
/// `--experimental-dump-help`.
enum Manual {
    static let isBeingGenerated = CommandLine.arguments.contains("--experimental-dump-help")

    static let pointer = "The manual page, man 8cut, and docs/reference list the exit statuses."

    /// A line for every exit status.
    static let exitStatuses: String = {
        let meanings = ErrorCode.allCases.map { ($0.exitStatus, $0.meaning) }
        let lines = ([(0, "success")] + meanings).sorted { $0.0 < $1.0 }
        return lines.reduce("Exit status:") { text, line in
            let number = String(line.0)
            return text + "\n" + String(repeating: " ", count: 5 - number.count) + number + "  "
                + line.1
        }
    }()
}
