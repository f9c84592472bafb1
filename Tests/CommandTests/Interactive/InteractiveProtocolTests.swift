import Diagnostics
import FoundationEssentials
import InteractiveProtocol
import Progress
import Testing

/// Both sides of the worker's protocol read what the other side writes.
@Suite struct InteractiveProtocolTests {
    @Test func requestsAreReadAsTheyAreWritten() throws {
        var request = WorkerRequest(id: .number(7), action: .mask)
        request.frame = 3
        request.prompts = .array([
            WorkerPrompt.point(x: 1.5, y: 2.25, isPositive: false).json,
            WorkerPrompt.box(left: 0.5, top: 1.5, right: 2.5, bottom: 3.5).json,
        ])
        request.output = "/tmp/mask.png"
        request.objects = .labels
        let line = try request.jsonLine()
        #expect(
            line == """
                {"do":"mask","frame":3,"id":7,"objects":"labels","output":"/tmp/mask.png",\
                "prompts":[{"label":0,"point":[1.5,2.25]},{"box":[0.5,1.5,2.5,3.5]}]}
                """
        )
        #expect(try JSONDecoder().decode(WorkerRequest.self, from: Data(line.utf8)) == request)
    }

    @Test(arguments: [
        WorkerAnswer.Event.dropped, .cancelled([.number(1), .text("a")]),
        .encoded(.init(frame: 3, encoded: true, seconds: 0.5)),
        .error(EightCutError(.usage, "w", on: "s", because: "y", remedy: "r")),
        .job(.failed(EightCutError(.toolFailed, "w", because: "y"))),
        .job(.artifact(.init(kind: "masks", path: "/m"))),
        .mask(
            .init(
                frame: 1,
                path: "/1.png",
                labels: nil,
                objects: [
                    .init(object: 1, objectScore: 6.5, iou: 0.5, area: 0.25, box: nil, path: nil)
                ],
                encoded: false,
                seconds: 1.5
            )
        ),
    ])
    func answersAreReadAsTheyAreWritten(_ event: WorkerAnswer.Event) throws {
        for id in [nil, WorkerID.number(2), .text("x")] {
            let answer = WorkerAnswer(id: id, event)
            #expect(try WorkerAnswer(jsonLine: try answer.jsonLine()) == answer)
        }
    }
}
