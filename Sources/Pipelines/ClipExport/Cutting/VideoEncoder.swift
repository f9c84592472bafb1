/// An encoder that works here.
package enum VideoEncoder: String, Sendable, CaseIterable {
    case x264, nvenc, vaapi, qsv

    /// FFmpeg's name of it.
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

    /// Options that stand before the input.
    var deviceArguments: [String] {
        switch self {
        case .x264, .nvenc: []
        case .vaapi: ["-vaapi_device", "/dev/dri/renderD128"]
        case .qsv: ["-init_hw_device", "qsv=hw", "-filter_hw_device", "hw"]
        }
    }

    /// The last filters of the pictures: players read 8-bit pictures with halved colours only.
    var formatFilters: [String] {
        switch self {
        case .x264, .nvenc: ["format=yuv420p"]
        case .vaapi: ["format=nv12", "hwupload"]
        case .qsv: ["format=nv12", "hwupload=extra_hw_frames=64"]
        }
    }

    /// The options of the encoder.
    func arguments(_ settings: CutSettings) -> [String] {
        let quality = "\(settings.crf)"
        let options =
            switch self {
            case .x264: ["-preset", settings.effort, "-crf", quality]
            case .nvenc: ["-preset", "p5", "-rc", "vbr", "-cq", quality, "-b:v", "0"]
            case .vaapi: ["-rc_mode", "CQP", "-qp", quality]
            case .qsv: ["-global_quality", quality]
            }
        return ["-c:v", codec] + options
    }
}
