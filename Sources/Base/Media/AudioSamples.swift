import Diagnostics
import Processes
import SystemPackage

/// The audio of a video as samples of one channel. Each has its place on the video's timeline, also
/// where the audio begins late or has gaps.
package struct AudioSamples: Sendable {
    private let path: FilePath
    private let map: String
    private let rate: Int
    /// Microseconds that make ffmpeg's times those from the start of the video.
    private let offset: Int

    /// Seconds that are added to the times on their way, since the format between the two programs has no
    /// negative ones.
    private static let shift = 1000

    /// - Parameters:
    ///   - source: the video.
    ///   - stream: an audio stream of it.
    ///   - rate: samples per second.
    package init(of source: MediaSource, _ stream: AudioStream, rate: Int) {
        self.init(of: source.path, index: stream.index, offset: stream.timeOffset, rate: rate)
    }

    private init(of path: FilePath, index: Int, offset: Int, rate: Int) {
        self.path = path
        map = "0:\(index)"
        (self.offset, self.rate) = (offset, rate)
    }

    /// The audio that belongs to a stream of a video; nil without audio.
    ///
    /// - Parameters:
    ///   - stream: a stream of the video.
    ///   - path: the video.
    ///   - rate: samples per second.
    package init?(beside stream: VideoStream, of path: FilePath, rate: Int) {
        // The audio of a folder of images is a file of its own.
        let index = ImageSequence(path).map { $0.hasAudio ? 0 : nil } ?? stream.audioIndex
        guard let index else { return nil }
        self.init(of: path, index: index, offset: stream.audioOffset, rate: rate)
    }

    /// Decodes the audio piece by piece.
    ///
    /// - Parameters:
    ///   - initial: what `take` begins with.
    ///   - take: takes the next samples, 16 bits signed; what it throws ends the decoding.
    /// - Returns: what `take` has made of all samples; those before a damaged place if there is one.
    /// - Throws: `CancellationError`, `EightCutError` when ffmpeg is missing, or what `take` throws.
    package nonisolated(nonsending) func reduce<Result: Sendable>(
        into initial: Result,
        _ take: nonisolated(nonsending) (inout Result, [Int16]) async throws -> Void
    ) async throws -> Result {
        let shift = Microseconds.text(Self.shift * 1_000_000 + offset)
        let decoder =
            FFmpegRun.commonArguments + ["-threads", "1"] + MediaInput.audioArguments(path) + [
                "-map", map, "-vn", "-sn", "-af", "asetpts=PTS+floor(\(shift)/TB+0.5)", "-ac", "1",
                "-ar", "\(rate)", "-c:a", "pcm_s16le", "-f", "nut", "pipe:1",
            ]
        // In a program of its own, because the decoder's filters begin anew where the audio changes
        // in mid-file.
        let filler =
            FFmpegRun.commonArguments + [
                "-copyts", "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0",
                "-af", "aresample=async=1:first_pts=\(Self.shift * rate)", "-f", "s16le", "pipe:1",
            ]
        do {
            let (filled, decoderExit) = try await FFmpegProgram.ffmpeg.child(decoder)
                .run(output: .piped) { decoder in
                    try await FFmpegProgram.ffmpeg.child(filler)
                        .run(input: .piped, output: .piped) { child in
                            async let relayed: Void = Self.relay(decoder.output, to: child.input)
                            let result = try await Self.collect(child.output, into: initial, take)
                            try await relayed
                            return result
                        }
                }
            // Audio that ends because somebody has ended ffmpeg must not pass for all of it.
            for exit in [decoderExit, filled.exit] { try check(exit) }
            return filled.result
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: path)
        }
    }

    private func check(_ exit: ChildExit) throws {
        switch exit {
        case .signaled(let signal): throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: path)
        case .exited(FFmpegProgram.stoppedStatus): throw FFmpegProgram.ffmpeg.stoppedError(on: path)
        case .exited: break
        }
    }

    private static func relay(_ output: ChildOutput, to input: ChildInput) async throws {
        var isOpen = true
        for try await piece in output where isOpen {
            do {
                try await input.write(Array(piece))
            } catch ChildProcessError.inputClosed {
                isOpen = false
            }
        }
        if isOpen { try await input.close() }
    }

    /// A sample may be split between two pieces.
    private nonisolated(nonsending) static func collect<Result>(
        _ output: ChildOutput,
        into initial: Result,
        _ take: nonisolated(nonsending) (inout Result, [Int16]) async throws -> Void
    ) async throws -> Result {
        var result = initial
        var rest: [UInt8] = []
        for try await piece in output {
            rest += piece
            let samples = stride(from: 0, to: rest.count / 2 * 2, by: 2).map {
                Int16(truncatingIfNeeded: Int(rest[$0]) | Int(rest[$0 + 1]) << 8)
            }
            rest.removeFirst(2 * samples.count)
            try await take(&result, samples)
        }
        return result
    }
}
