import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// The first seconds of a clip's audio as a WAV file with one channel.
package struct ClipAudio: Sendable, Equatable {
    /// The clip, relative to the data set.
    let clip: String
    let rule: AudioRule

    /// The clip's content is not in it.
    var recipe: String { "\(rule.sampleRate) Hz \(rule.seconds) s" }

    /// Writes the file.
    ///
    /// - Parameters:
    ///   - name: the file.
    ///   - folder: where it is made.
    ///   - root: the folder of the data set, which has the clip.
    /// - Throws: `EightCutError` when the clip cannot be read, or the disk is full.
    func write(
        as name: FilePath.Component,
        in folder: OpenFolder,
        of root: OpenFolder
    ) async throws {
        let path = root.path.pushing(FilePath(clip))
        let source = try await VideoProbe.source(of: path)
        guard let stream = source.defaultAudioStream else {
            throw EightCutError(
                .inputUnusable,
                "cannot write the audio",
                on: path.string,
                because: "it has no audio",
                remedy: "8cut library check finds clips whose files have changed."
            )
        }
        let file = try folder.newFile(for: name)
        _ = try await FFmpegRun(
            arguments: FFmpegRun.commonArguments + source.inputArguments() + [
                // Audio that ends early is silent to the end.
                "-map", "0:\(stream.index)", "-af", "apad", "-t", "\(rule.seconds)", "-ac", "1",
                "-ar", "\(rule.sampleRate)", "-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags",
                "+bitexact", "-f", "wav", "-y", file.childPath.string,
            ],
            input: path
        ).run(failureMessage: "cannot write the audio")
        try file.publish(replaces: true)
    }
}
