import Media
import Prompts
import SystemPackage

/// Holds prompts against the video that they are for, before any work begins.
package struct PromptCheck {
    private let list: PromptList
    private let input: FilePath

    /// - Parameters:
    ///   - list: the prompts as they were given.
    ///   - input: the video.
    package init(_ list: PromptList, input: FilePath) {
        self.list = list
        self.input = input
    }

    /// Looks at the video, and at its frames where a prompt is on a later one than the first:
    /// containers do not tell reliably how many there are.
    ///
    /// - Returns: the prompts in pixels.
    /// - Throws: `EightCutError` when the video cannot be read, or that names a prompt which
    ///   cannot be.
    package func resolve() async throws -> ResolvedPrompts {
        let stream = try await VideoProbe.stream(of: input)
        let resolved = try list.resolve(width: stream.width, height: stream.height)
        let last = list.entries.map(\.prompt.frame).max() ?? 0
        guard last > 0 else { return resolved }
        try list.check(frameCount: try await Self.count(stream, of: input, upTo: last))
        return resolved
    }

    /// How many frames a video has.
    ///
    /// - Parameters:
    ///   - stream: its stream.
    ///   - input: the video.
    ///   - last: frames behind this one are not counted.
    /// - Returns: their number, `last + 1` at most.
    /// - Throws: `EightCutError` when the video cannot be read.
    package static func count(_ stream: VideoStream, of input: FilePath, upTo last: Int)
        async throws -> Int
    {
        // Small pictures, since they are only counted.
        let decoder = VideoDecoder(
            path: input,
            stream: stream,
            format: .gray8,
            size: (16, 16),
            range: 0..<last + 1
        )
        return try await decoder.withFrames { frames in
            while try await frames.next() != nil {}
            return frames.count
        }.result
    }
}
