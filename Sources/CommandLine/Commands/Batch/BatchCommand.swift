import ArgumentParser

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
            """,
        subcommands: [BatchPlanCommand.self, BatchRunCommand.self]
    )
}
