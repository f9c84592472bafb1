import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// Frames of a clip as images.
package struct ClipImages: Sendable, Equatable {
    /// The clip, relative to the data set.
    let clip: String
    let stem: String
    let rule: ImageRule
    /// The numbers of the frames, in their order; nil for all.
    let frames: [Int]?
    /// How many images there are.
    let count: Int

    init(_ row: DatasetRow, _ clip: ClipFacts, _ layout: any DatasetLayout, _ rule: ImageRule) {
        self.clip = layout.clip(row)
        stem = row.stem
        self.rule = rule
        let numbers = rule.frames(of: clip)
        frames = rule.seconds == nil ? nil : numbers
        count = numbers.count
    }

    /// The clip's content is not in it.
    var recipe: String {
        let side = rule.side.map { " side \($0)" } ?? ""
        return "\(stem) \(rule.ending)\(side) \(frames.map { "\($0)" } ?? "all")"
    }

    /// Writes the images.
    ///
    /// - Parameters:
    ///   - name: the folder of the images, which is made anew.
    ///   - folder: where it is made.
    ///   - root: the folder of the data set, which has the clip.
    /// - Throws: `EightCutError` when the clip cannot be read, or the disk is full.
    func write(
        as name: FilePath.Component,
        in folder: OpenFolder,
        of root: OpenFolder
    ) async throws {
        try folder.removeTree(name)
        let images = try folder.createFolder(name)
        let path = root.path.pushing(FilePath(clip))
        let source = try await VideoProbe.source(of: path)
        var filters: [String] = []
        if let frames {
            filters.append("select=" + frames.map { "eq(n\\,\($0))" }.joined(separator: "+"))
        }
        if let side = rule.side { filters.append("scale=\(side):\(side):flags=bilinear") }
        let isJPEG = rule.ending.isExactly(".jpg")
        let codec = isJPEG ? ["-c:v", "mjpeg", "-q:v", "2"] : ["-c:v", "png"]
        let pattern =
            rule.seconds == nil
            ? MediaInput.pattern(images.path) + "/frame_%04d"
            : MediaInput.pattern(images.path.appending(stem)) + "_%d"
        _ = try await FFmpegRun(
            arguments: FFmpegRun.commonArguments + source.inputArguments()
                + ["-map", "0:\(source.video.index)"]
                + (filters.isEmpty ? [] : ["-vf", filters.joined(separator: ",")])
                + codec
                + [
                    "-flags:v", "+bitexact", "-fps_mode", "passthrough", "-f", "image2",
                    "-start_number", rule.seconds == nil ? "0" : "1", pattern + rule.ending,
                ],
            input: path
        ).run(failureMessage: "cannot write the frames as images")
        let found = try images.names().count
        guard found == count else {
            throw EightCutError(
                .inputUnusable,
                "cannot write the frames as images",
                on: path.string,
                because: "it has \(found) of \(count) frames",
                remedy: "8cut library check finds clips whose files are damaged."
            )
        }
    }
}
