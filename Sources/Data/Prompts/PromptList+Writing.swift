import Files

extension PromptList {
    /// The prompts as the text of a file of prompts, for another program: names of masks are
    /// absolute.
    package var json: String {
        PromptJSON.document(
            entries.map { entry in
                let (frame, object) = (entry.prompt.frame, entry.prompt.object)
                switch entry.prompt.mark {
                case .point(let place, let isPositive):
                    return PromptJSON.point(
                        Self.text(place),
                        isPositive: isPositive,
                        frame: frame,
                        object: object
                    )
                case .box(let first, let last):
                    return PromptJSON.box(
                        Self.text(first) + Self.text(last),
                        frame: frame,
                        object: object
                    )
                case .mask(let path):
                    return PromptJSON.mask(path.absolute.string, frame: frame, object: object)
                }
            }
        )
    }

    private static func text(_ place: Coordinate) -> [String] {
        [PromptJSON.length(place.x, .x), PromptJSON.length(place.y, .y)]
    }
}
