import Diagnostics
import Prompts
import Testing

/// Prompts that make no sense together.
@Suite struct ContradictionTests {
    private func resolve(_ list: PromptList) throws -> ResolvedPrompts {
        try list.resolve(width: 640, height: 360)
    }

    @Test func anObjectThatBeginsWithWhereItIsNot() throws {
        let error = try failure {
            try resolve(list(points: ["1,2#1", "3,4,-@2#2", "5,6@3#2"]))
        }
        #expect(error?.code == .usage && error?.subject == "--point 3,4,-@2#2")
        #expect(error?.why.contains("object 2 begins on frame 2 with nothing but negative") == true)
        #expect(error?.remedy?.contains("object 2") == true)
        _ = try resolve(list(points: ["1,2", "3,4,-@2"]))
        _ = try resolve(list(points: ["3,4,-"], boxes: ["1,2,3,4"]))
    }

    @Test(arguments: [
        (["1,2", "1,2,-"], [], [], "the same place"),
        (["0.5w,0.5h,-@3#2", "1,1@3#2", "320,180@3#2"], [], [], "the same place"),
        ([], ["1,2,3,4", "1,2,3,5"], [], "only one box"),
        ([], [], ["a.png", "b.png"], "only one mask"),
        (["1,2"], [], ["a.png"], "a mask cannot be combined"),
        ([], ["1,2,3,4@5"], ["a.png@5"], "a mask cannot be combined"),
    ])
    func contradictions(points: [String], boxes: [String], masks: [String], why: String) throws {
        let prompts = try list(points: points, boxes: boxes, masks: masks)
        let error = try failure { try resolve(prompts) }
        let origins = prompts.entries.map(\.origin.description)
        #expect(error?.code == .usage && error?.subject == origins.last)
        #expect(error?.why.contains("contradicts '\(origins[0])'") == true, "\(error?.why ?? "")")
        #expect(error?.why.contains(why) == true)
    }

    @Test func marksBehindAMaskContradictIt() throws {
        var prompts = try list(masks: ["a.png"])
        try prompts.append(box: "1,2,3,4")
        let error = try failure { try resolve(prompts) }
        #expect(error?.subject == "--box 1,2,3,4")
        #expect(error?.why.contains("contradicts '--mask a.png'") == true)
    }

    @Test func otherFramesAndObjectsDoNotContradict() throws {
        let prompts = try resolve(
            list(
                points: ["1,2", "1,2,-@1", "1,2#2"],
                boxes: ["1,2,3,4", "1,2,3,5@1", "1,2,3,6#2"]
            )
        )
        #expect(prompts.objects.map(\.frames.count) == [2, 1])
    }
}
