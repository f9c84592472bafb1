import Diagnostics
import Glibc
import Media

/// An encoder that works here.
package enum VideoEncoder: String, Sendable, CaseIterable {
    case x264, nvenc, vaapi, qsv

    /// FFmpeg's name.
    package var codec: String {
        switch self {
        case .x264: "libx264"
        case .nvenc: "h264_nvenc"
        case .vaapi: "h264_vaapi"
        case .qsv: "h264_qsv"
        }
    }

    /// The file without which it cannot work; nil for one that needs none.
    var device: String? {
        switch self {
        case .x264: nil
        case .nvenc: "/dev/nvidiactl"
        case .vaapi, .qsv: "/dev/dri/renderD128"
        }
    }

    /// Options before the input.
    var deviceArguments: [String] {
        switch self {
        case .x264, .nvenc: []
        case .vaapi: ["-vaapi_device", "/dev/dri/renderD128"]
        case .qsv: ["-init_hw_device", "qsv=hw", "-filter_hw_device", "hw"]
        }
    }

    /// The filters after those that make 8-bit 4:2:0 frames.
    var uploadFilters: [String] {
        switch self {
        case .x264, .nvenc: []
        case .vaapi: ["format=nv12", "hwupload"]
        case .qsv: ["format=nv12", "hwupload=extra_hw_frames=64"]
        }
    }

    func arguments(_ settings: CutSettings) -> [String] {
        let quality = "\(settings.crf)"
        let options =
            switch self {
            case .x264: ["-preset", settings.effort, "-crf", quality]
            case .nvenc: ["-preset", "p5", "-rc", "vbr", "-cq", quality, "-b:v", "0"]
            case .vaapi: ["-rc_mode", "CQP", "-qp", quality]
            case .qsv: ["-global_quality", quality]
            }
        let threads = settings.encoderThreads.map { ["-threads:v", "\($0)"] } ?? []
        return ["-c:v", codec] + options + threads
    }
}

/// Finds out which encoder works here, by encoding a few frames.
package struct EncoderTrial: Sendable {
    /// What was found.
    package struct Choice: Sendable, Equatable {
        /// The encoder to be used.
        package let encoder: VideoEncoder
        /// Why it is not the requested one; nil when it is.
        package let note: String?
    }

    private let settings: CutSettings

    /// For clips of these settings.
    package init(_ settings: CutSettings) {
        self.settings = settings
    }

    /// Tries the requested encoder; with `auto` the hardware's encoders, and then x264.
    ///
    /// - Throws: `EightCutError` when ffmpeg is missing, or `CancellationError`.
    package func choose() async throws -> Choice {
        switch settings.encoder {
        case .x264: return Choice(encoder: .x264, note: nil)
        case .auto:
            for encoder in [VideoEncoder.nvenc, .qsv, .vaapi] {
                // Without the device the trial would only cost time.
                guard encoder.device.map({ access($0, R_OK | W_OK) == 0 }) ?? true else {
                    continue
                }
                if try await failure(of: encoder) == nil {
                    return Choice(encoder: encoder, note: nil)
                }
            }
            return Choice(encoder: .x264, note: nil)
        case .nvenc: return try await orX264(.nvenc)
        case .vaapi: return try await orX264(.vaapi)
        case .qsv: return try await orX264(.qsv)
        }
    }

    private func orX264(_ encoder: VideoEncoder) async throws -> Choice {
        guard let why = try await failure(of: encoder) else {
            return Choice(encoder: encoder, note: nil)
        }
        return Choice(
            encoder: .x264,
            note: "\(encoder.rawValue) does not work here (\(why)); x264 encodes instead."
        )
    }

    /// Encodes half a second; nil when that works, else what ffmpeg says.
    private func failure(of encoder: VideoEncoder) async throws -> String? {
        let arguments =
            FFmpegRun.commonArguments + encoder.deviceArguments + [
                "-f", "lavfi", "-i", "testsrc2=size=256x144:rate=25:duration=0.48",
                "-vf", (["format=yuv420p"] + encoder.uploadFilters).joined(separator: ","),
            ] + encoder.arguments(settings) + ["-f", "null", "-"]
        do {
            _ = try await FFmpegRun(arguments: arguments, input: "trial").run(
                failureMessage: "cannot encode with \(encoder.rawValue)"
            )
            return nil
        } catch let error as EightCutError where error.code == .toolFailed {
            return error.why
        }
    }
}
