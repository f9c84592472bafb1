/// The words that `LabelReduction` knows.
enum LabelWords {
    /// Words for sounds that do not end in -ing. What comes before them makes them.
    static let sounds: Set<String> = [
        "acceleration", "baying", "beeps", "bounce", "bow-wow", "chatter", "chirrup", "clip-clop",
        "cry", "crowd", "explosion", "flyby", "hiccup", "impact", "laughter", "launch", "noise",
        "noises", "pant-hooting", "siren", "sound", "sounds", "speech", "vroom", "bark", "barks",
        "meow", "meows", "roar", "roars", "chirp", "chirps", "growl", "howl", "moo", "neigh",
        "song", "call", "calls", "whistle", "honk", "hum", "buzz", "rattle", "squeak", "scream",
        "laugh", "cough", "sneeze", "snore", "applause", "hit", "hits", "crash", "slam", "knock",
        "click", "clicks", "beep", "rumble", "splash",
    ]

    /// Words between a verb and its thing.
    static let fillers: Set<String> = [
        "a", "an", "the", "on", "in", "at", "with", "into", "to", "of", "by", "from", "through",
        "over", "and", "or", "some", "his", "her", "their", "up", "down", "off", "out", "opening",
        "closing",
    ]

    /// Words before the first that says something: "the sound of a dog".
    static let openings: Set<String> = [
        "a", "an", "the", "sound", "sounds", "noise", "noises", "recording", "of", "some",
    ]

    /// Words that end a thing's name.
    static let delimiters: Set<String> = [
        "on", "in", "at", "with", "into", "through", "over", "by", "from", "under", "near", "while",
        "is", "are", "was", "being", "that", "who",
    ]

    /// Nouns that end in -ing.
    static let namesInIng: Set<String> = [
        "building", "ceiling", "clothing", "duckling", "earring", "gosling", "herring", "lightning",
        "morning", "painting", "railing", "sibling", "starling", "string", "spring", "sapling",
        "bowstring", "hamstring", "wedding", "evening", "king", "ring", "wing", "swing", "thing",
        "sling", "viking",
    ]

    /// Names of things of which the first word is a verb in -ing.
    static let compounds: Set<String> = [
        "bowling alley", "bowling ball", "bowling pin", "boxing glove", "burning log",
        "chewing gum", "cutting board", "dining table", "drawing board", "fishing boat",
        "fishing rod", "flying saucer", "frying pan", "grinding wheel", "grinding machine",
        "hearing aid", "knitting machine", "mixing bowl", "mixing console", "parking meter",
        "printing press", "racing car", "rocking chair", "rolling pin", "running shoe",
        "sailing boat", "sailing ship", "sewing machine", "shopping cart", "singing bowl",
        "skipping rope", "sliding door", "spinning wheel", "steering wheel", "swimming pool",
        "talking doll", "tuning fork", "vending machine", "walking stick", "washing machine",
        "watering can", "welding machine", "winding machine", "wrapping paper",
    ]

    /// Verbs that a person is seen doing where they stand alone.
    static let activities: Set<String> = [
        "babbling", "beatboxing", "booing", "boxing", "burping", "cheering", "clapping",
        "coughing", "crying", "cycling", "dancing", "diving", "drumming", "eating", "fencing",
        "gargling", "giggling", "golfing", "humming", "jogging", "jumping", "laughing", "marching",
        "rapping", "rowing", "running", "sailing", "screaming", "shouting", "singing", "skating",
        "skateboarding", "skiing", "skipping", "sneezing", "snoring", "snowboarding", "sobbing",
        "speaking", "surfing", "swimming", "talking", "typing", "walking", "whispering",
        "whistling", "writing", "yelling", "yodelling", "yodeling",
    ]

    /// Games: their players make the sound.
    static let sports: Set<String> = [
        "badminton", "baseball", "basketball", "billiard", "cricket", "darts", "football", "golf",
        "hockey", "lacrosse", "ping pong", "pool", "rugby", "snooker", "soccer", "squash",
        "table tennis", "tennis", "volleyball",
    ]

    /// What nobody can draw a box around.
    static let invisible: Set<String> = [
        "air", "ambience", "ambient", "background", "breeze", "drizzle", "hail", "music", "noise",
        "ocean", "rain", "rainstorm", "sea", "sea wave", "silence", "sky", "sound", "storm",
        "thunder", "thunderstorm", "underwater", "water", "wave", "weather", "wind",
    ]

    /// People by what they look like.
    static let people: [String: String] = [
        "female": "woman", "male": "man", "people": "person", "kid": "child", "human": "person",
        "someone": "person", "somebody": "person", "crowd": "crowd of people", "speaker": "person",
        "girl": "girl", "boy": "boy",
    ]

    /// Plurals that are not regular, and names that look like a plural.
    static let singulars: [String: String] = [
        "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse",
        "geese": "goose", "wolves": "wolf", "leaves": "leaves", "calves": "calf", "knives": "knife",
        "buses": "bus", "horses": "horse", "hooves": "hoof", "bagpipes": "bagpipes",
        "castanets": "castanets",
        "congas": "conga drums", "bongo": "bongo drums", "bongos": "bongo drums",
        "timbales": "timbales", "darts": "darts", "scissors": "scissors", "glasses": "glasses",
        "headphones": "headphones", "trimmers": "trimmer", "cutlery": "cutlery", "tabla": "tabla",
        "bovinae": "cattle", "hens": "hen", "series": "series", "species": "species",
        "noodles": "noodles", "crisps": "crisps", "movies": "movie", "cookies": "cookie",
        "bus": "bus", "gas": "gas", "lens": "lens", "canvas": "canvas", "fireworks": "fireworks",
        "axes": "axe", "tennis": "tennis", "chess": "chess", "harness": "harness",
    ]

    /// Labels and parts of labels that the rules get wrong, with their things.
    static let things: [String: [String]] = [
        // The thing is in the verb, or is not named.
        "arc welding": ["welder"],
        "beat boxing": ["person"],
        "tap dancing": ["tap dancer", "person"],
        "rope skipping": ["jump rope", "person"],
        "scuba diving": ["scuba diver"],
        "roller skating": ["roller skates", "person"],
        "figure skating": ["figure skater"],
        "ice skating": ["ice skater"],
        "lawn mowing": ["lawn mower"],
        "golf driving": ["golf club", "golfer"],
        "bowling impact": ["bowling ball", "bowling pin"],
        "striking bowling": ["bowling ball", "bowling pin"],
        "striking pool": ["billiard ball", "cue stick"],
        "bouncing on trampoline": ["trampoline", "person"],
        "basketball bounce": ["basketball"],
        "shot football": ["football", "soccer player"],
        "skidding": ["car"],
        "lip smacking": ["mouth", "person"],
        "auto racing": ["race car"],
        "civil defense siren": ["siren"],
        "siren": ["siren"],
        "reversing beeps": ["truck"],
        "police radio chatter": ["police radio"],
        "disc scratching": ["turntable", "disc jockey"],
        "hammering nails": ["hammer", "nail"],
        "chainsawing trees": ["chainsaw"],
        "planing timber": ["hand plane", "timber"],
        "forging swords": ["hammer", "anvil"],
        "sharpen knife": ["knife"],
        "strike lighter": ["lighter"],
        "lighting firecrackers": ["firecracker"],
        "pumping water": ["water pump"],
        "toilet flushing": ["toilet"],
        "air conditioning noise": ["air conditioner"],
        "bathroom ventilation fan running": ["ventilation fan", "fan"],
        "eletric blender running": ["blender"],
        "running electric fan": ["electric fan"],
        "cutting hair with electric trimmers": ["electric trimmer", "hair clipper"],
        "electric grinder grinding": ["angle grinder", "grinder"],
        "opening or closing car doors": ["car door"],
        "opening or closing car electric windows": ["car window"],
        "cupboard opening or closing": ["cupboard"],
        "footsteps on snow": ["shoe", "foot", "person"],
        "footsteps": ["shoe", "foot", "person"],
        "heart sounds": [],
        "heartbeat": [],
        "heart sounds heartbeat": [],
        "engine accelerating revving vroom": ["engine", "car"],
        "engine accelerating": ["engine", "car"],
        "honking": ["car"],
        "car horn": ["car"],
        "vehicle horn": ["vehicle"],
        "vehicle horn car horn honking": ["car", "vehicle"],
        "train horning": ["train"],
        "train wheels squealing": ["train wheel", "train"],
        "car passing by": ["car"],
        "car engine idling": ["car engine", "car"],
        "car engine knocking": ["car engine", "car"],
        "car engine starting": ["car engine", "car"],
        "donkey ass braying": ["donkey"],
        "telephone bell ringing": ["telephone"],
        "race car auto racing": ["race car"],
        "railroad car train wagon": ["train wagon", "train"],
        "rowboat canoe kayak rowing": ["rowboat", "canoe", "kayak"],
        "subway metro underground": ["subway train", "train"],
        "underground": ["subway train"],
        "subway": ["subway train"],
        "metro": ["subway train"],
        "sailing": ["sailboat"],
        "roller coaster running": ["roller coaster"],
        "cattle bovinae cowbell": ["cow", "cowbell"],
        "cattle mooing": ["cow"],
        "bird wings flapping": ["bird"],
        "male": ["man"],
        "female": ["woman"],
        "child singing": ["child"],
        "singing choir": ["choir"],
        "people crowd": ["crowd of people"],
        "people battle cry": ["person"],
        "people belly laughing": ["person"],
        "people nose blowing": ["person"],
        "people eating apple": ["person"],
        "people finger snapping": ["hand", "person"],
        "people clapping": ["hand", "person"],
        "eating with cutlery": ["cutlery", "person"],
        "typing on computer keyboard": ["computer keyboard"],
        "mouse clicking": ["computer mouse"],
        "writing on blackboard with chalk": ["blackboard", "hand"],
        "vacuum cleaner cleaning floors": ["vacuum cleaner"],
        "wind rustling leaves": ["leaves", "tree"],
        "wind chime": ["wind chime"],
        "woodpecker pecking tree": ["woodpecker"],
        "tornado roaring": ["tornado"],
        "volcano explosion": ["volcano"],
        "plastic bottle crushing": ["plastic bottle"],
        "ice cream truck ice cream van": ["ice cream truck"],
        "air horn": ["air horn"],
        "missile launch": ["missile", "rocket"],
        "playing electronic organ": ["electronic organ", "keyboard instrument"],
        "playing hammond organ": ["hammond organ", "keyboard instrument"],
        "playing steelpan": ["steelpan", "steel drum"],
        "playing darts": ["dartboard", "darts player"],
        "playing tympani": ["timpani"],
        "fly": ["fly"],
    ]

    /// The kind of a species: detectors know a bird better than a francolin.
    static func kind(of thing: String) -> String? {
        let last = thing.utf8.lastIndex(of: UInt8(ascii: " ")).map { thing[$0...].dropFirst() }
        return kinds[thing] ?? kinds[String(last ?? thing[...])]
    }

    private static let kinds: [String: String] = {
        let members: [String: [String]] = [
            "bird": [
                "bird", "blackbird", "canary", "chickadee", "crow", "cuckoo", "dove", "duck",
                "eagle",
                "francolin", "goose", "gull", "hawk", "jay", "lark", "magpie", "mynah",
                "nightingale", "oriole", "owl", "parrot", "penguin", "pheasant", "pigeon", "raven",
                "robin", "seagull", "sparrow", "swallow", "swan", "thrush", "turkey", "warbler",
                "woodpecker", "wren",
            ],
            "monkey": ["baboon", "chimpanzee", "gibbon", "gorilla", "howler", "lemur"],
            "insect": [
                "bee", "beetle", "cicada", "cricket", "fly", "grasshopper", "housefly", "mosquito",
                "wasp",
            ],
            "animal": [
                "alligator", "cheetah", "chinchilla", "chipmunk", "coyote", "crocodile",
                "dinosaur", "elk", "ferret", "fox", "otter", "whale", "sea lion", "snake", "frog",
                "toad",
            ],
            "fish": ["herring", "salmon", "shark", "trout"],
            "gun": ["cap gun", "machine gun", "musket", "rifle", "pistol", "shotgun"],
            "drum": ["djembe", "tabla", "timbales", "timpani"],
            "boat": ["canoe", "kayak", "motorboat", "rowboat", "sailboat", "speedboat"],
        ]
        return members.reduce(into: [:]) { kinds, group in
            for member in group.value { kinds[member] = group.key }
        }
    }()
}
