import Detection
import Prompts
import Saliency

extension PromptList {
    /// The prompts that candidates are: for each its point, then its box.
    ///
    /// - Parameters:
    ///   - candidates: at most 255.
    ///   - sameObject: whether all are sightings of object 1, not objects 1, 2, ….
    /// - Throws: `EightCutError` when there are too many.
    package init(_ candidates: [ObjectCandidate], sameObject: Bool) throws {
        self.init()
        for (index, candidate) in candidates.enumerated() {
            let object = sameObject ? 1 : index + 1
            let origin = PromptOrigin.input("the object that was found on frame \(candidate.frame)")
            let place = { (values: ArraySlice<Double>) in
                Coordinate(
                    x: .pixels(values[values.startIndex]),
                    y: .pixels(values[values.startIndex + 1])
                )
            }
            let contents: [Prompt.Content] = [
                .point(place(candidate.point[0..<2]), isPositive: true),
                .box(place(candidate.box[0..<2]), place(candidate.box[2..<4])),
            ]
            for content in contents {
                try append(
                    Prompt(frame: candidate.frame, object: object, content),
                    from: origin
                )
            }
        }
    }

    /// The prompts that things found by texts are: their boxes.
    ///
    /// - Throws: `EightCutError` when there are too many.
    package init(_ things: [FoundThing]) throws {
        self.init()
        for thing in things {
            let corner = { (first: Int) in
                Coordinate(x: .pixels(thing.box[first]), y: .pixels(thing.box[first + 1]))
            }
            try append(
                Prompt(
                    frame: thing.frame,
                    object: thing.object,
                    .box(corner(0), corner(2))
                ),
                from: .input("the box that was found on frame \(thing.frame)")
            )
        }
    }
}
