import Diagnostics
import SystemPackage

/// What is known about a file that clips are cut out of.
package struct MediaSource: Sendable, Equatable {
    /// The video.
    package let path: FilePath
    /// Its video stream.
    package internal(set) var video: VideoStream
    /// The unit of the timestamps of its frames, in seconds.
    package let timeBase: Rational
    /// The frame rate of most frames, if the file has it.
    package let nominalRate: Rational?
    /// Width of a pixel by its height.
    package let pixelAspect: Rational
    /// Which of the video streams it is.
    package let videoChoice: StreamChoice
    /// Its audio streams, in the order of the file.
    package let audioStreams: [AudioStream]
    /// Which of them is taken.
    package let audioChoice: StreamChoice
    /// The first timestamp of the file, in microseconds.
    package let startTime: Int
    /// The timestamp, in microseconds, that people call 0: the start of the file. It differs from
    /// `startTime` only where audio begins a little before 0, because its codec needs a run-up.
    package let origin: Int
    /// FFmpeg's name of the container.
    package let container: String
    /// The images that the frames come from; nil for a video file.
    package let images: ImageSequence?

    /// Containers whose timestamps are the same after a seek.
    private static let seekable = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "flv", "avi", "mxf", "nut", "asf",
        "image2",
    ]

    /// Whether ffmpeg may seek. The other files are decoded from their start.
    package var canSeek: Bool { Self.seekable.contains(container) }

    /// Containers that have an index.
    private static let indexed = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mxf",
    ]

    /// Whether parts of it can be read, and its times do not jump.
    package var isIndexed: Bool { images != nil || Self.indexed.contains(container) }

    /// The options with which ffmpeg reads the source: one input, and for a folder of images with
    /// audio beside it another one.
    ///
    /// - Parameter options: those before each input, for example where to seek to.
    /// - Returns: all of them.
    package func inputArguments(_ options: [String] = []) -> [String] {
        let video = options + MediaInput.arguments(path, video.options)
        guard hasAudioBeside else { return video }
        return video + options + MediaInput.audioArguments(path)
    }

    /// ffmpeg's number of the input that has the audio.
    package var audioInput: Int { hasAudioBeside ? 1 : 0 }

    private var hasAudioBeside: Bool { images?.hasAudio ?? false }

    /// The audio stream that is taken where none is chosen.
    package var defaultAudioStream: AudioStream? {
        audioStreams.first { $0.number == audioChoice.automatic }
    }

    /// The audio stream to read.
    ///
    /// - Parameter number: the number that was asked for; nil for the default.
    /// - Returns: nil where there is none and none was asked for.
    /// - Throws: `EightCutError` when there is none of that number.
    package func audioStream(_ number: Int?) throws -> AudioStream? {
        guard let chosen = try audioChoice.number(number, of: path) else { return nil }
        if let stream = audioStreams.first(where: { $0.number == chosen }) { return stream }
        guard number != nil else { return nil }
        throw EightCutError(
            .inputUnusable,
            "cannot use audio stream \(chosen)",
            on: path.string,
            because: "ffprobe cannot determine its sample rate",
            remedy: "Choose another audio stream."
        )
    }
}

/// What is known about a video stream before it is decoded.
package struct VideoStream: Sendable, Equatable {
    /// How it is read.
    package let options: VideoOptions
    /// Number of the stream among the video streams, counted from 0.
    package let number: Int
    /// Whether that is the one that is taken where none is chosen.
    package let isAutomatic: Bool
    /// What was taken by itself, for people: which stream out of several, or which images of a
    /// folder; nil where there was no choice.
    package let choiceNote: String?
    /// Number of the stream in the file.
    package let index: Int
    /// FFmpeg's name of the codec.
    package let codec: String
    /// Columns of the frames as they are stored, rotated for display. Pixels that are not
    /// square are not stretched.
    package let width: Int
    /// Rows of the frames as they are stored, rotated for display.
    package let height: Int
    /// Average frames per second; for film that is carried with pulldown flags the film's.
    package internal(set) var frameRate: Rational?
    /// Whether the file itself gives the average rate.
    let declaresRate: Bool
    /// Length in seconds, of the stream or else of the whole file.
    package let duration: Double?
    /// Length in seconds of the stream alone, if the container has it and ffmpeg does not
    /// check it by itself.
    package let streamDuration: Double?
    /// Microseconds to add to the times that ffmpeg gives to the frames, when it reads this stream
    /// alone, to get times from the start of the file.
    let timeOffset: Int
    /// How many frames the container declares. It may be wrong: hidden frames count, and so do
    /// those that edit lists remove.
    package let declaredFrames: Int?
    /// What the file says about the frames.
    package let properties: FrameProperties
    /// Whether the file has an audio stream.
    package let hasAudio: Bool
    /// Number in the file of the audio stream that is taken by itself; nil without audio.
    package let audioIndex: Int?
    /// Microseconds to add to the times that ffmpeg gives to it when it reads that alone.
    let audioOffset: Int

    /// How the frames must be tone-mapped to look right on an ordinary screen; nil for those that
    /// are made for such screens.
    package var toneMapping: ToneMapping? { ToneMapping(properties) }

    /// What is done about transparency, for people; nil where there is none.
    package func transparencyNote(of path: FilePath) -> String? {
        properties.transparencyNote(codec: codec, of: path)
    }

    /// The options before the input that choose its decoder.
    package var decoderArguments: [String] {
        properties.decoder.map { ["-c:\(index)", $0] } ?? []
    }

    /// How many frames there will be, as far as can be known before decoding.
    package var estimatedFrames: Int? {
        if let declaredFrames, declaredFrames > 0, declaredFrames < 1_000_000_000 {
            return declaredFrames
        }
        guard let duration, let frameRate else { return nil }
        let count = (duration * frameRate.value).rounded()
        return count >= 1 && count < 1e9 ? Int(count) : nil
    }
}

/// What is known about an audio stream before it is decoded.
package struct AudioStream: Sendable, Equatable {
    /// Number of the stream in the file.
    package let index: Int
    /// Number of the stream among the audio streams, counted from 0.
    package let number: Int
    /// The sample rate in Hz.
    package let sampleRate: Int
    /// How many channels there are.
    package let channels: Int
    /// FFmpeg's name of their layout; nil where the file does not have it.
    package let layout: String?
    /// Microseconds to add to the times that ffmpeg gives to its samples, when it reads this stream
    /// alone, to get times from the start of the file.
    let timeOffset: Int
}
