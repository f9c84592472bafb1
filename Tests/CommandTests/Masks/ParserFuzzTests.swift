import Diagnostics
import Files
import MaskStore
import Media
import Progress
import SystemPackage
import TestSupport
import Testing

/// What comes from outside may be damaged in any way: it is understood or refused, and never
/// ends the program.
@Suite struct ParserFuzzTests {
    static let rounds = 3000

    @Test func reportsOfFFprobe() throws {
        var mutator = Mutator(seed: 1)
        for _ in 0..<Self.rounds {
            let json = mutator.damage(Self.report)
            do {
                let stream = try ProbeReport(json: json, path: "a.mp4").videoStream(path: "a.mp4")
                #expect(stream.width > 0 && stream.height > 0 && stream.index >= 0)
                #expect(stream.estimatedFrames.map { (1...1_000_000_000).contains($0) } ?? true)
                #expect(stream.frameRate.map { $0.value > 0 } ?? true)
                #expect(stream.duration.map { $0 > 0 && $0.isFinite } ?? true)
            } catch let error as EightCutError {
                #expect(error.subject == "a.mp4")
            }
        }
    }

    @Test func manifests() throws {
        let folder = try TemporaryFolder()
        let path = folder[MaskManifest.fileName]
        var mutator = Mutator(seed: 2)
        for _ in 0..<Self.rounds {
            try mutator.damage(Self.manifest).withUnsafeBytes { try AtomicFile.write($0, to: path) }
            do {
                let manifest = try MaskManifest(readingFrom: path)
                #expect(manifest.frameCount >= 0 && manifest.input.width > 0)
                #expect(!manifest.complete || manifest.frames.count == manifest.frameCount)
                for (index, record) in manifest.frames.enumerated() {
                    #expect(record.frame == index)
                    #expect(record.box.map { $0.count == 4 } ?? true)
                }
                for setting in manifest.method.settings.values { _ = setting.description }
            } catch let error as EightCutError {
                #expect(error.code == .outputUnusable && error.subject == path.string)
            }
        }
    }

    @Test func events() throws {
        var mutator = Mutator(seed: 3)
        for round in 0..<Self.rounds {
            let line = mutator.damage(Self.events[round % Self.events.count])
            guard let event = try? ProgressEvent(jsonLine: String(decoding: line, as: UTF8.self))
            else {
                continue
            }
            if case .progress(let progress) = event {
                for columns in [0, 20, 80] {
                    let text = ProgressBar.line(title: "x", progress: progress, columns: columns)
                    #expect(text.count <= max(0, columns - 1) || columns > 20)
                }
            }
        }
    }

    /// A folder whose manifest is damaged is left as it is.
    @Test func aDamagedManifestCostsNothing() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let path = folder["clip_masks"].appending(MaskManifest.fileName)
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        for (old, new) in [
            ("\"frameCount\" : 24", "\"frameCount\" : 9223372036854775807"),
            ("\"frame\":3,", "\"frame\":9223372036854775807,"),
            ("\"complete\" : true", "\"complete\" : 1"),
        ] {
            #expect(text.contains(old))
            try AtomicFile.write(text.replacing(old, with: new), to: path)
            let before = try MaskSet.content(of: folder["clip_masks"])

            let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("'\(path)': it is damaged"), "\(result.errors)")
            #expect(try MaskSet.content(of: folder["clip_masks"]) == before)
        }
    }

    static let report = """
        {"programs": [], "streams": [
          {"index": 0, "codec_name": "h264", "codec_type": "video", "width": 320, "height": 180,
           "pix_fmt": "yuv420p10le", "color_space": "bt2020nc", "color_transfer": "smpte2084",
           "color_primaries": "bt2020", "r_frame_rate": "24/1", "avg_frame_rate": "30000/1001",
           "time_base": "1/12288", "start_pts": 0, "start_time": "0.000000",
           "duration_ts": 12288, "duration": "1.000000", "nb_frames": "24",
           "disposition": {"default": 1, "attached_pic": 0},
           "tags": {"language": "und", "DURATION": "00:00:01.000000000"},
           "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}]},
          {"index": 1, "codec_name": "aac", "codec_type": "audio", "duration": "1.0"}],
         "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "start_time": "0.000000",
           "duration": "1.000000", "size": "12345", "bit_rate": "98760"}}
        """

    static let manifest = """
        {
          "complete" : true,
          "frameCount" : 2,
          "input" : {
            "file" : {"bytes" : 123, "headAndTailSHA256" : "ab", "modified" : 1.5},
            "frameCount" : 2,
            "frameRate" : "24/1",
            "height" : 180,
            "name" : "clip.mp4",
            "width" : 320
          },
          "inputProblem" : "cut off",
          "method" : {"name" : "saliency", "settings" : {"invert" : false, "revision" : 1,
            "threshold" : "otsu", "smooth" : 0.5}},
          "program" : {"name" : "8cut", "version" : "0.1.0"},
          "schema" : 2,
          "auxiliary" : [{"folder" : "depth", "kind" : "depth"}],
          "frames" : [
            {"area":0.1,"box":[1,2,3,4],"flags":["jump"],"frame":0,"scores":{"a":1},"time":0},
            {"area":0,"flags":["empty"],"frame":1,"time":0.04}
          ]
        }
        """

    static let events = [
        #"{"done":3,"event":"progress","rate":9.5,"secondsLeft":2.5,"total":24,"#
            + #""totalIsEstimate":true,"unit":"frame","v":1}"#,
        #"{"event":"started","input":"/a","job":"masks saliency","output":"/b","v":1}"#,
        #"{"event":"finished","exitStatus":0,"frames":24,"seconds":1.5,"summary":"x","v":1}"#,
        #"{"code":"usage","event":"failed","remedy":"r","subject":"s","v":1,"what":"w","why":"y"}"#,
        #"{"code":"emptyMasks","event":"warning","message":"m","v":1}"#,
    ]
}
