/// Scenes that several tests use.
enum SampleScenes {
    static let meadow = Texture(colour: (110, 118, 122), contrast: 30, seed: 1)
    static let coat = Texture(colour: (150, 108, 150), contrast: 25, grain: 4, seed: 2)

    static func object(
        texture: Texture = coat,
        radius: Float = 36,
        place: @escaping @Sendable (Int) -> (Float, Float)
    ) -> Scene.Shape {
        Scene.Shape(texture: texture, halfWidth: radius, halfHeight: radius * 0.9, place: place)
    }

    /// An object that does not move before a background that does not either.
    static var still: Scene {
        Scene(background: meadow, shapes: [object { _ in (170, 95) }])
    }

    /// An object that crosses the frame.
    static var crossing: Scene {
        Scene(background: meadow, shapes: [object { (80 + 4 * Float($0), 95) }])
    }

    /// Only the background.
    static var empty: Scene { Scene(background: meadow) }
}
