import Checkpoints
import ClipLibrary
import DesktopModel
import Diagnostics
import Files
import FoundationEssentials
import InteractiveProtocol
import Media
import SystemPackage
import TestSupport
import Testing

/// Files of our own that another version, another program or a failing disk has changed.
@Suite struct OwnFileTests {
    /// After a change the list has what it had before, and what was added.
    @Test func datasets() async throws {
        let entry = DatasetEntry(
            path: "new_001.mp4",
            label: "=1+1",
            category: "a\u{301}\"",
            source: "v.mp4",
            start: 1,
            duration: 8,
            masks: [.init(method: "saliency", path: "new_001_masks")]
        )
        try await HostileInputs("dataset", texts: [Self.dataset]).run { input in
            let path = try input.write(as: DatasetFile.fileName)
            let file = DatasetFile(in: input.folder)
            let before = try? file.paths()
            let entries = try? file.entries()
            #expect((before == nil) == (entries == nil))
            let aside = try await file.update([entry])
            #expect((aside != nil) == (before == nil))
            if let aside { #expect(try MaskSet.bytes(of: aside) == input.bytes) }
            let after = try file.paths()
            #expect(after.contains("new_001.mp4"))
            #expect(Set(before ?? []).isSubset(of: Set(after)))
            try await file.update([], removing: ["new_001.mp4"])
            #expect(try !file.paths().contains("new_001.mp4"))
            #expect(try Folder.kind(of: path) == .file)
        }
    }

    /// Objects that are found stay within their clip.
    @Test func foundObjects() throws {
        let text = """
            {"v": 1, "candidates": [
            {"frame": 7, "point": [50.5, 30], "box": [30, 5, 70, 60], "score": 0.83},
            {"frame": 9, "point": [5, 3], "box": [3, 0.5, 7, 6], "score": 0.1,
             "query": "dog"}
            ]}
            """
        try HostileInputs("object", texts: [text]).run { input in
            let objects = try FoundObject.list(
                json: input.text,
                of: "clip.mp4",
                size: (160, 90),
                lastFrame: 79
            )
            #expect(objects.count <= ObjectSearch.mostObjects)
            for object in objects {
                #expect((0...79).contains(object.frame) && (0...1).contains(object.score))
                for kind in object.kinds {
                    let mark = Mark(id: 1, frame: object.frame, kind: kind)
                    #expect(mark.moved(by: (0, 0), in: (160, 90)) == mark)
                }
            }
        }
    }

    /// A session that is read is used, written, and read again as the same.
    @Test func sessions() throws {
        try HostileInputs("session", texts: [Self.session]).run { input in
            let home = EightCutHome(input.folder)
            let path = try input.write(as: "session.json")
            let (state, damaged) = SessionState.read(home)
            if let damaged { #expect(try MaskSet.bytes(of: damaged) == input.bytes) }
            for mark in state.marks.values.joined() {
                _ = mark.arguments
                _ = mark.moved(by: (x: 1e9, y: -1e9), in: (width: 320, height: 180)).arguments
            }
            _ = (state.export.settingArguments, state.export.labelArguments, state.export.duration)
            _ = state.masks.arguments(Array(state.marks.values.joined()))
            try state.write(home)
            #expect(try MaskSet.bytes(of: path).count > 2)
            #expect(SessionState.read(home).state == state)
        }
    }

    /// Accepting a licence keeps the other settings.
    @Test func settings() throws {
        let settings =
            #"{"acceptedLicences": ["depth-anything-v2-large"], "other": [1, {"a": null}]}"#
        let checkpoint = try CheckpointCatalogue.named("depth-anything-v2-large")
        try HostileInputs("settings", texts: [settings]).run { input in
            let path = try input.write(as: "settings.json")
            let licences = AcceptedLicences(EightCutHome(input.folder))
            let isAllowed = licences.allow(checkpoint)
            try licences.accept(checkpoint)
            #expect(licences.allow(checkpoint))
            if isAllowed { #expect(try MaskSet.bytes(of: path) == input.bytes) }
        }
    }

    @Test func notesOfImageFolders() throws {
        let note = #"{"frameRate": "30000/1001", "frameCount": 240}"#
        try HostileInputs("image-sequence", texts: [note]).run { input in
            _ = try input.write(as: ImageSequence.noteName)
            try AtomicFile.write("", to: input.folder.appending("frame_0001.png"))
            let sequence = try #require(ImageSequence(input.folder))
            #expect(sequence.frameRate.value > 0 && sequence.frameRate.value.isFinite)
        }
    }

    /// Lines between a client and the interactive server.
    @Test func interactiveLines() throws {
        try HostileInputs("interactive", texts: Self.lines).run { input in
            let decoder = JSONDecoder()
            if let request = try? decoder.decode(WorkerRequest.self, from: Data(input.bytes)) {
                let line = try request.jsonLine()
                #expect(!line.utf8.contains(0x0a))
                #expect(try decoder.decode(WorkerRequest.self, from: Data(line.utf8)) == request)
                _ = request.action.fields
            }
            if let answer = try? WorkerAnswer(jsonLine: input.text) {
                #expect(try WorkerAnswer(jsonLine: answer.jsonLine()) == answer)
            }
        }
    }

    private static let dataset = """
        [
          {"path":"a_001.mp4","label":"dog","category":"Animal","source":"v.mp4","start":1.5,
           "duration":8,"masks":[{"method":"saliency","path":"a_001_masks"}],"mine":[1,2]},
          {"path":"b_001.mp4", "other": {"x": null}}, {"path": 7}, "text", 1e400
        ]
        """

    private static let session = """
        {"files": [{"path": "/v/a.mp4", "cursor": 12.5}, {"path": "/v/b.mp4", "cursor": 0}],
         "current": "/v/a.mp4", "volume": 0.5, "isMuted": false, "windowWidth": 1180,
         "windowHeight": 800, "appearance": "dark", "lastClip": "/c/a_001.mp4",
         "export": {"name": "clip", "folder": "/c", "label": "dog", "category": "", "count": 2,
           "spread": 1.5, "preset": "", "crop": "9:16", "cropCenter": 0.5, "shortSide": 512,
           "allowsShort": true},
         "masks": {"method": "sam", "depthModel": "", "samModel": "sam2.1-hiera-tiny",
           "device": "auto", "isInverted": true, "threshold": 12, "isSteady": true},
         "overlay": {"isOn": true, "colour": 2, "opacity": 0.45, "hasOutline": false},
         "marks": {"/c/a_001.mp4": [
           {"id": 1, "frame": 3, "kind": {"point": {"x": 10.5, "y": 20, "isPositive": true}}},
           {"id": 2, "frame": 0, "kind": {"box": {"left": 1, "top": 2, "right": 30,
             "bottom": 40}}}]}}
        """

    private static let lines = [
        #"{"id":1,"do":"mask","frame":3,"prompts":[{"point":[1,2],"label":0}],"output":"m.png"}"#,
        #"{"id":"a","do":"run","prompts":[{"box":[1,2,3,4]}],"output":"o","objects":"labels","#
            + #""fillHoles":10,"dropSpecks":20,"invert":true,"overwrite":false}"#,
        #"{"do":"cancel","id":2,"request":1}"#, #"{"do":"encode","frame":0,"id":-1}"#,
        #"{"v":1,"id":1,"event":"mask","frame":3,"path":"m.png","objects":[{"object":1,"#
            + #""objectScore":3.5,"iou":0.9,"area":0.1,"box":[1,2,3,4]}],"encoded":true,"#
            + #""seconds":0.5}"#,
        #"{"v":1,"event":"ready","input":"a.mp4","width":320,"height":180,"frames":24,"#
            + #""model":"m","device":"cpu","precision":"f32"}"#,
        #"{"v":1,"id":7,"event":"error","code":"usage","what":"cannot","why":"x","message":"y"}"#,
    ]
}
