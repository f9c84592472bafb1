import Diagnostics
import Files
import Media
import Progress
import SystemPackage
import TestSupport
import Testing

/// What ffprobe and ffmpeg say about files of others, and what our own child processes report.
@Suite struct MediaAnswerTests {
    @Test func reportsOfFFprobe() throws {
        try HostileInputs("ffprobe", texts: [Self.report]).run { input in
            let report = try ProbeReport(json: input.bytes, path: "a.mp4")
            let stream = try report.videoStream(path: "a.mp4")
            #expect(stream.width > 0 && stream.height > 0 && stream.index >= 0)
            #expect(stream.estimatedFrames.map { (1...1_000_000_000).contains($0) } ?? true)
            #expect(stream.frameRate.map { $0.value > 0 } ?? true)
            #expect(stream.duration.map { $0 > 0 && $0.isFinite } ?? true)
            _ = stream.toneMapping?.filters(width: stream.width, height: stream.height)
            let source = try report.source(path: "a.mp4")
            #expect(source.timeBase.value > 0 && abs(Double(source.origin)) <= 1e16)
            #expect(source.audioStreams.allSatisfy { $0.sampleRate > 0 && $0.channels > 0 })
            _ = Microseconds.text(source.startTime)
        }
    }

    @Test func messagesOfFFmpeg() throws {
        try HostileInputs("ffmpeg-messages", texts: Self.messages).run { input in
            var decoder = DecoderMessages()
            var filters = FilterMessages()
            let lines = input.text.split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
            for line in lines {
                if let time = decoder.take(line)?.time { #expect(!time.isNaN) }
                filters.take(line)
            }
            #expect(decoder.problems.count <= decoder.problemCount)
            #expect(filters.count(of: "in") >= filters.timestamps(of: "in").count)
            _ = filters.value("Peak level dB", of: "a0")
            _ = FFmpegMessages.reason(in: lines, url: "file:a.mp4")
        }
    }

    @Test func progressEvents() throws {
        try HostileInputs("progress", texts: Self.events).run { input in
            guard let event = try? ProgressEvent(jsonLine: input.text) else { return }
            let again = try ProgressEvent(jsonLine: event.jsonLine())
            #expect(again == event)
            let progress: ProgressEvent.Progress
            switch event {
            case .progress(let given), .work(let given): progress = given
            default: return
            }
            #expect((0...1).contains(progress.part ?? 0))
            for columns in [0, 20, 80] {
                let text = ProgressBar.line(title: "x", progress: progress, columns: columns)
                #expect(text.count <= max(0, columns - 1) || columns > 20)
            }
        }
    }

    private static let report = """
        {"programs": [], "streams": [
          {"index": 0, "codec_name": "h264", "codec_type": "video", "width": 320, "height": 180,
           "pix_fmt": "yuv420p10le", "color_space": "bt2020nc", "color_transfer": "smpte2084",
           "color_primaries": "bt2020", "r_frame_rate": "24/1", "avg_frame_rate": "30000/1001",
           "time_base": "1/12288", "start_pts": 0, "start_time": "0.000000",
           "duration_ts": 12288, "duration": "1.000000", "nb_frames": "24",
           "sample_aspect_ratio": "4:3", "disposition": {"default": 1, "attached_pic": 0},
           "tags": {"language": "und", "DURATION": "00:00:01.000000000"},
           "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}]},
          {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "48000",
           "channels": 2, "duration": "1.0", "disposition": {"default": 1}}],
         "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "start_time": "0.000000",
           "duration": "1.000000", "size": "12345", "bit_rate": "98760"}}
        """

    private static let messages = [
        """
        [\(DecoderMessages.filter) @ 0x55d0] [info] config in time_base: 1/12288, frame_rate: 24/1
        [\(DecoderMessages.filter) @ 0x55d0] [info] n:   0 pts:      0 pts_time:0       duration:    512
        [\(DecoderMessages.filter) @ 0x55d0] [info] n:   1 pts:    512 pts_time:0.0417  duration:    512
        [h264 @ 0x55d0] [error] Invalid NAL unit size (1 > 0).
        [in#0/mov @ 0x55d0] [error] file:a.mp4: Invalid data found when processing input
        """,
        """
        [showinfo@in @ 0x55d0] [info] n:   0 pts:   1001 pts_time:0.04
        [showinfo@in @ 0x55d0] [info] n:   1 pts:   NOPTS pts_time:NOPTS
        [astats@a0 @ 0x55d0] [info] Peak level dB: -12.3
        [astats@a0 @ 0x55d0] [info] Number of samples: 48000
        [out#0/mp4 @ 0x55d0] [fatal] Error writing trailer: No space left on device
        """,
    ]

    private static let events = [
        #"{"done":3,"event":"progress","rate":9.5,"secondsLeft":2.5,"total":24,"#
            + #""totalIsEstimate":true,"unit":"frame","v":1}"#,
        #"{"done":0,"event":"work","rate":9.5,"secondsLeft":2.5,"total":24,"#
            + #""totalIsEstimate":true,"unit":"frame","v":1,"worked":7.25}"#,
        #"{"event":"started","input":"/a","job":"masks saliency","output":"/b","v":1}"#,
        #"{"event":"finished","exitStatus":0,"frames":24,"seconds":1.5,"summary":"x","v":1}"#,
        #"{"code":"usage","event":"failed","remedy":"r","subject":"s","v":1,"what":"w","why":"y"}"#,
        #"{"code":"emptyMasks","event":"warning","message":"m","v":1}"#,
    ]
}
