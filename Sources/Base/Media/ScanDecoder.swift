import Diagnostics
import Glibc
import Imaging
import Processes
import SystemPackage

/// Decodes the frames and the audio of a video in one pass, each on the video's own timeline.
///
/// One ffmpeg reads the file. It writes the frames to one pipe and the audio to another; a second
/// ffmpeg, which reads nothing but that pipe, fills gaps of the audio. It is one of its own because
/// filters begin anew where the audio changes in mid-file.
package struct ScanDecoder: Sendable {
    /// The form of the samples, whatever changes in mid-file.
    package struct AudioForm: Sendable, Equatable {
        /// Samples per second: those of the file.
        package let sampleRate: Int
        package let channels: Int
    }

    private let source: MediaSource
    private let stream: AudioStream?
    private let size: (width: Int, height: Int)
    private let place: Place
    private let joins: Bool

    /// Where a pass begins.
    package struct Place: Sendable, Equatable {
        /// In seconds from the start of the video: frames come from the keyframe before.
        package let seconds: Double
        /// The time of the first audio sample: whole seconds.
        package let audioSecond: Int
        /// How many frames were decoded before.
        package let frames: Int

        package init(seconds: Double, audioSecond: Int, frames: Int = 0) {
            (self.seconds, self.audioSecond, self.frames) = (seconds, audioSecond, frames)
        }

        package static let start = Place(seconds: 0, audioSecond: 0)
    }

    /// Most channels that are decoded; more are mixed to two.
    private static let mostChannels = 8
    /// Sample rates that are kept; audio of others is converted to 48 kHz.
    private static let sampleRates = 2_000...768_000
    /// Seconds that are added to the times of the audio on its way, since the format between the two
    /// programs has no negative ones.
    private static let shift = 1000

    /// - Parameters:
    ///   - source: the video.
    ///   - audio: which audio stream of it; nil for none.
    ///   - size: columns and rows of the frames.
    ///   - place: where to begin.
    ///   - joins: whether ffmpeg shall join timestamps that jump; then from the start of the video only.
    package init(
        _ source: MediaSource,
        audio: AudioStream?,
        size: (width: Int, height: Int),
        from place: Place = .start,
        joins: Bool = false
    ) {
        (self.source, stream, self.size, self.place) = (source, audio, size, place)
        self.joins = joins
    }

    /// The form in which a stream is decoded.
    package static func form(of stream: AudioStream) -> AudioForm {
        AudioForm(
            sampleRate: sampleRates.contains(stream.sampleRate) ? stream.sampleRate : 48_000,
            channels: (1...mostChannels).contains(stream.channels) ? stream.channels : 2
        )
    }

    /// Decodes until the end of the video.
    ///
    /// - Parameters:
    ///   - frames: takes the frames, red, green and blue.
    ///   - sound: takes the next samples of all channels, interleaved; full scale is 1. It runs beside
    ///     `frames`.
    /// - Returns: what `frames` returns, and what ffmpeg reported.
    /// - Throws: what the two throw (decoding then ends at once), `CancellationError`, or
    ///   `EightCutError` when ffmpeg is missing, is killed, or finds no frame.
    package func run<Result: Sendable>(
        frames: @escaping @Sendable (FrameReader) async throws -> Result,
        sound: @escaping @Sendable ([Float]) async throws -> Void
    ) async throws -> (result: Result, report: DecodeReport) {
        guard let stream else { return try await decoder([]).withFrames(frames) }
        let pipe = try AudioPipe(for: source.path)
        let decoder = decoder(output(of: stream, pipe))
        return try await withThrowingTaskGroup(of: Output<Result>?.self) { group in
            group.addTask {
                defer { pipe.closeReader() }
                try await read(pipe, stream, sound)
                return nil
            }
            group.addTask {
                // Until ffmpeg has opened the pipe, ours is its only writing end.
                defer { pipe.closeWriter() }
                return try await decoder.withFrames { reader in
                    await reader.waitForFirst()
                    pipe.closeWriter()
                    return try await frames(reader)
                }
            }
            var output: Output<Result>?
            for try await part in group { output = part ?? output }
            guard let output else { throw CancellationError() }
            return output
        }
    }

    private typealias Output<Result> = (result: Result, report: DecodeReport)

    private func decoder(_ otherOutput: [String]) -> VideoDecoder {
        VideoDecoder(
            source,
            format: .rgb24,
            size: size,
            seek: place.seconds > 0 ? source.origin + Int(place.seconds * 1e6) : nil,
            framesBefore: place.frames,
            joins: joins,
            otherOutput: otherOutput
        )
    }

    private func output(of stream: AudioStream, _ pipe: AudioPipe) -> [String] {
        let form = Self.form(of: stream)
        let offset = joins ? stream.timeOffset : -source.origin
        let shift = Microseconds.text(Self.shift * 1_000_000 + offset)
        return [
            "-map", "\(joins ? 1 : source.audioInput):\(stream.index)", "-af",
            "asetpts=PTS+floor(\(shift)/TB+0.5)",
            "-ac", "\(form.channels)", "-ar", "\(form.sampleRate)", "-c:a", "pcm_f32le",
            "-f", "nut", "-y", pipe.writerURL,
        ]
    }

    /// Reads the audio, with its gaps filled.
    private func read(
        _ pipe: AudioPipe,
        _ stream: AudioStream,
        _ sound: @Sendable ([Float]) async throws -> Void
    ) async throws {
        let form = Self.form(of: stream)
        let first = (Self.shift + place.audioSecond) * form.sampleRate
        let filler =
            FFmpegRun.commonArguments + [
                "-copyts", "-protocol_whitelist", "file", "-f", "nut", "-i", pipe.readerURL,
                "-af", "aresample=async=1:first_pts=\(first)",
                "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1",
            ]
        do {
            let exit = try await FFmpegProgram.ffmpeg.child(filler).run(output: .piped) { child in
                // Whole samples of all channels are handed on.
                let width = 4 * form.channels
                var rest: [UInt8] = []
                for try await piece in child.output {
                    rest += piece
                    let count = rest.count / width * width
                    guard count > 0 else { continue }
                    try await sound(Self.samples(rest[..<count]))
                    rest.removeFirst(count)
                }
            }.exit
            switch exit {
            case .exited(0): break
            case .signaled(let signal):
                throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: source.path)
            case .exited(let status):
                throw FFmpegProgram.ffmpeg.failedError(
                    status: status,
                    message: nil,
                    on: source.path
                )
            }
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: source.path)
        }
    }

    private static func samples(_ bytes: ArraySlice<UInt8>) -> [Float] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
                    )
                )
            }
        }
    }
}
