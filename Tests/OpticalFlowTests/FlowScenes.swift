extension FlowScene {
    /// The scenes that tests and the benchmark measure on, each with one difficulty.
    static let all: [FlowScene] = [
        FlowScene(name: "pan", layers: [ground(1, .init(x: 5.3, y: -2.6))]),
        FlowScene(name: "far pan", layers: [ground(2, .init(x: 17.4, y: 6.2))]),
        FlowScene(name: "fraction", layers: [ground(3, .init(x: 0.37, y: -0.21))]),
        FlowScene(name: "zoom", layers: [ground(4, .init(x: 1, zoom: 1.06))]),
        FlowScene(name: "turn", layers: [ground(5, .init(y: 1, turn: 0.03))]),
        FlowScene(
            name: "objects",
            layers: [
                ground(6, .init()),
                shape(16, at: (-50, 5), (24, 30), .init(x: 4.2, y: 1.1)),
                shape(26, at: (45, -15), (30, 18), .init(x: -3.1, y: 2.4, turn: 0.02)),
            ]
        ),
        FlowScene(
            name: "objects before a pan",
            layers: [
                ground(7, .init(x: 4.5, y: 1.5)),
                shape(17, at: (-45, -10), (20, 26), .init(x: -2.5, y: 0.5)),
                shape(27, at: (50, 20), (16, 22), .init(x: 7.5, y: -1.5, zoom: 1.04)),
            ]
        ),
        FlowScene(
            name: "fast object",
            layers: [
                ground(8, .init(x: 0.6)),
                shape(18, at: (-20, 0), (26, 26), .init(x: 15.2, y: -4.1)),
            ]
        ),
        FlowScene(
            name: "thin object",
            layers: [
                ground(9, .init(x: -1.3, y: 0.4)),
                shape(19, at: (-30, 0), (5, 40), .init(x: 3.4), round: false),
                shape(29, at: (40, 10), (36, 4), .init(y: 2.8), round: false),
            ]
        ),
        FlowScene(
            name: "light",
            layers: [
                ground(10, .init(x: 2.4, y: 1.2)),
                shape(20, at: (10, 5), (32, 28), .init(x: -2.2, y: -1.1)),
            ],
            light: 14
        ),
        FlowScene(
            name: "little contrast",
            layers: [
                Layer(
                    texture: Texture(seed: 11, mean: 100, contrast: 9),
                    motion: .init(x: 1.6, y: -0.7)
                ),
                Layer(
                    texture: Texture(seed: 21, mean: 112, contrast: 9),
                    motion: .init(x: -2.1, y: 1.3),
                    extent: (30, 24)
                ),
            ]
        ),
    ]

    private static func ground(_ seed: UInt64, _ motion: Motion) -> Layer {
        Layer(texture: Texture(seed: seed), motion: motion)
    }

    private static func shape(
        _ seed: UInt64,
        at centre: (x: Float, y: Float),
        _ extent: (x: Float, y: Float),
        _ motion: Motion,
        round: Bool = true
    ) -> Layer {
        Layer(
            texture: Texture(seed: seed, mean: seed % 2 == 0 ? 150 : 90, contrast: 50, grain: 16),
            motion: motion,
            extent: extent,
            isRound: round,
            centre: centre
        )
    }

    /// The scene with everything that many times as large, textures no coarser.
    func enlarged(_ factor: Float, width: Int, height: Int) -> FlowScene {
        var scene = self
        (scene.width, scene.height) = (width, height)
        scene.layers = layers.map { layer in
            var layer = layer
            layer.motion.x *= factor
            layer.motion.y *= factor
            layer.extent = layer.extent.map { ($0.x * factor, $0.y * factor) }
            layer.centre = (layer.centre.x * factor, layer.centre.y * factor)
            return layer
        }
        return scene
    }
}
