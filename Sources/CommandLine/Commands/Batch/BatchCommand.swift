import ArgumentParser
import BatchList
import Files
import SystemPackage

/// `8cut batch`: many clips.
struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Make the masks of many clips, on one machine or many.",
        discussion: """
            A list has a row for each clip, as one JSON object in each line. Every row has its own \
            result, so that a run that was interrupted goes on where it stopped, and many machines \
            share a list.

            Examples:
              8cut batch plan --folder videos --method saliency --output clips.jsonl
              8cut batch run --list clips.jsonl
              8cut batch run --list clips.jsonl --shard 0/8
              8cut batch submit --slurm --list clips.jsonl --shards 100
              8cut batch status --list clips.jsonl
            """,
        subcommands: [
            BatchPlanCommand.self, BatchRunCommand.self, BatchSubmitCommand.self,
            BatchStatusCommand.self,
        ]
    )
}

extension BatchList {
    /// The folder of the results; nothing need be there.
    ///
    /// - Parameter option: the value of `--results`.
    /// - Returns: its path; absolute.
    func results(_ option: String?) -> FilePath {
        let path = option.map { FilePath($0).absolute } ?? folder.appending("results")
        return path.lexicallyNormalized()
    }
}
