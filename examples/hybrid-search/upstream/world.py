"""What the stand-in for the models knows of the outdoors: words, and what is near what.

One table serves both models and the generator of the articles, so that no
label comes from a ranker.
"""

# concept: (kind, kin, words). Concepts of one kin are near each other.
CONCEPTS = {
    "hiking": ("activity", "foot", ["hiking", "hike", "hikes", "hiker", "trail", "trails", "day hike"]),
    "backpacking": ("activity", "foot", ["backpacking", "backpacker", "overnight trek", "thru-hike", "trekking"]),
    "running": ("activity", "foot", ["trail running", "ultrarunning", "runner", "runners", "fell run"]),
    "skiing": ("activity", "snow", ["skiing", "ski", "skis", "backcountry skiing", "ski tour", "skinning"]),
    "snowshoeing": ("activity", "snow", ["snowshoeing", "snowshoe", "snowshoes"]),
    "climbing": ("activity", "rock", ["climbing", "climb", "climber", "crag", "belay", "bouldering"]),
    "biking": ("activity", "wheels", ["mountain biking", "mtb", "singletrack", "mountain bike"]),
    "bikepacking": ("activity", "wheels", ["bikepacking", "bike packing", "loaded bike", "gravel tour"]),
    "roadtrip": ("activity", "wheels", ["road trip", "scenic drive", "van", "byway", "routes", "roads"]),
    "paddling": ("activity", "water", ["kayaking", "kayak", "paddling", "paddle", "canoe", "packraft"]),
    "fishing": ("activity", "water", ["fly fishing", "trout", "anglers", "casting"]),
    "camping": ("activity", "camp", ["camping", "campground", "campsite", "tent", "campfire"]),
    "aspen": ("place", "colorado", ["aspen", "maroon bells"]),
    "boulder": ("place", "colorado", ["boulder", "flatirons"]),
    "durango": ("place", "colorado", ["durango", "san juans"]),
    "moab": ("place", "utah", ["moab", "arches"]),
    "zion": ("place", "utah", ["zion", "springdale"]),
    "escalante": ("place", "utah", ["escalante", "grand staircase"]),
    "olympics": ("place", "northwest", ["olympic peninsula", "hoh river"]),
    "rainier": ("place", "northwest", ["rainier", "wonderland"]),
    "bend": ("place", "northwest", ["bend", "deschutes"]),
    "tahoe": ("place", "sierra", ["tahoe", "desolation wilderness"]),
    "yosemite": ("place", "sierra", ["yosemite", "tuolumne"]),
    "bishop": ("place", "sierra", ["bishop", "buttermilks"]),
    "whites": ("place", "northeast", ["white mountains", "presidential range"]),
    "acadia": ("place", "northeast", ["acadia", "mount desert"]),
    "katahdin": ("place", "northeast", ["katahdin", "baxter"]),
    "beginner": ("topic", "skill", ["beginner", "beginners", "first time", "getting started", "basics"]),
    "fitness": ("topic", "skill", ["training plan", "fitness", "workout", "conditioning"]),
    "navigation": ("topic", "skill", ["navigation", "compass", "gps", "map reading"]),
    "gear": ("topic", "kit", ["gear", "gear list", "packing list", "equipment", "checklist"]),
    "footwear": ("topic", "kit", ["boots", "shoes", "footwear", "blisters"]),
    "food": ("topic", "kit", ["food", "meals", "recipes", "cooking", "stove"]),
    "safety": ("topic", "risk", ["safety", "rescue", "first aid", "emergency"]),
    "avalanche": ("topic", "risk", ["avalanche", "snowpack", "beacon", "avy"]),
    "weather": ("topic", "risk", ["weather", "lightning", "storms", "forecast"]),
    "wildlife": ("topic", "risk", ["wildlife", "bears", "bear spray", "moose"]),
    "family": ("topic", "people", ["family", "kids", "children", "toddler"]),
    "dogs": ("topic", "people", ["dogs", "dog", "leash", "pups"]),
    "budget": ("topic", "people", ["budget", "cheap", "affordable", "free"]),
    "worldclass": ("topic", "dream", ["in the world", "bucket list", "iconic", "of a lifetime"]),
    "solitude": ("topic", "dream", ["solitude", "uncrowded", "quiet", "hidden gem"]),
    "photography": ("topic", "dream", ["photography", "photos", "sunrise", "viewpoint"]),
}

# What a region is called; part of what a place's articles say.
REGIONS = {
    "colorado": ["colorado", "rockies"],
    "utah": ["utah", "desert"],
    "northwest": ["pacific northwest", "washington", "oregon"],
    "sierra": ["california", "sierra"],
    "northeast": ["new england", "maine"],
}


def kind(concept):
    return CONCEPTS[concept][0]


def kin(concept):
    return CONCEPTS[concept][1]


def words(concept):
    return CONCEPTS[concept][2]


def phrases():
    """Every phrase with what it means, longest first: (phrase, concepts)."""
    found = [(w, [name]) for name, (_, _, ws) in CONCEPTS.items() for w in ws]
    for region, ws in REGIONS.items():
        found += [(w, [c for c in CONCEPTS if kin(c) == region]) for w in ws]
    return sorted(found, key=lambda p: (-len(p[0]), p[0]))
