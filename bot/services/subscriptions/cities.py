"""Places that people name and the time zone database does not, by the zone whose clock they keep.

A place in two lines is ambiguous, and so is one that is a city of the database elsewhere.
"""

from typing import Final

PLACES: Final = {
    "Africa/Cairo": "Alexandria, Giza",
    "Africa/Casablanca": "Rabat, Marrakesh, Marrakech, Fez, Tangier",
    "Africa/Dar_es_Salaam": "Dodoma, Zanzibar",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria, Soweto",
    "Africa/Lagos": "Abuja, Kano, Ibadan, Port Harcourt",
    "Africa/Nairobi": "Mombasa",
    "America/Argentina/Buenos_Aires": "Rosario, La Plata",
    "America/Bogota": "Medellin, Cali, Cartagena, Barranquilla",
    "America/Chicago": (
        "Dallas, Houston, Austin, San Antonio, Fort Worth, New Orleans, Minneapolis, Saint Paul, "
        "St Louis, Saint Louis, Kansas City, Milwaukee, Nashville, Memphis, Oklahoma City, Tulsa, "
        "Omaha, Madison, Des Moines, Birmingham"
    ),
    "America/Costa_Rica": "San Jose",
    "America/Denver": "Salt Lake City, Albuquerque, Colorado Springs, Santa Fe, Boulder",
    "America/Edmonton": "Calgary",
    "America/Guayaquil": "Quito",
    "America/La_Paz": "Santa Cruz de la Sierra, Sucre",
    "America/Los_Angeles": (
        "San Francisco, LA, San Diego, Seattle, Portland, Las Vegas, Sacramento, San Jose, "
        "Oakland, Silicon Valley, California"
    ),
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/New_York": (
        "Washington, Washington DC, NYC, Boston, Philadelphia, Atlanta, Miami, Baltimore, "
        "Pittsburgh, Cleveland, Columbus, Cincinnati, Charlotte, Orlando, Tampa, Buffalo, "
        "Brooklyn, Manhattan, Newark, Richmond, Raleigh, Portland, Georgia, Florida"
    ),
    "America/Phoenix": "Tucson",
    "America/Sao_Paulo": "Rio de Janeiro, Rio, Brasilia, Belo Horizonte, Curitiba, Porto Alegre",
    "America/Toronto": "Ottawa, Montreal, Quebec, Quebec City, Hamilton",
    "America/Vancouver": "Victoria",
    "Asia/Baghdad": "Basra, Mosul, Erbil",
    "Asia/Bangkok": "Chiang Mai, Phuket",
    "Asia/Damascus": "Aleppo",
    "Asia/Dhaka": "Chittagong",
    "Asia/Dubai": "Abu Dhabi, Sharjah, UAE, Emirates",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon, Da Nang, Ho Chi Minh City",
    "Asia/Hong_Kong": "Kowloon",
    "Asia/Jakarta": "Bandung, Surabaya, Medan",
    "Asia/Jerusalem": "Haifa, Beersheba",
    "Asia/Karachi": "Lahore, Islamabad, Rawalpindi, Faisalabad, Peshawar, Hyderabad",
    "Asia/Kolkata": (
        "Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune, "
        "Calcutta, Ahmedabad, Jaipur, Lucknow, Goa"
    ),
    "Asia/Kuala_Lumpur": "Penang, Johor Bahru",
    "Asia/Manila": "Quezon City, Cebu, Davao",
    "Asia/Almaty": "Astana, Shymkent",
    "Asia/Riyadh": "Jeddah, Mecca, Medina, Dammam",
    "Asia/Seoul": "Busan, Incheon, Daegu",
    "Asia/Shanghai": (
        "Beijing, Peking, Guangzhou, Shenzhen, Chengdu, Wuhan, Tianjin, Nanjing, Hangzhou, Xian"
    ),
    "Asia/Tbilisi": "Georgia, Batumi",
    "Asia/Tehran": "Isfahan, Mashhad, Shiraz, Tabriz",
    "Asia/Tokyo": "Osaka, Kyoto, Yokohama, Nagoya, Sapporo, Fukuoka, Hiroshima",
    "Asia/Yekaterinburg": "Ekaterinburg, Chelyabinsk, Perm, Ufa",
    "Asia/Yangon": "Burma",
    "Australia/Sydney": "Newcastle, Wollongong",
    "Australia/Brisbane": "Gold Coast, Cairns",
    "Europe/Amsterdam": "Rotterdam, The Hague, Utrecht, Eindhoven, Holland",
    "Europe/Athens": "Thessaloniki, Piraeus",
    "Europe/Belgrade": "Novi Sad",
    "Europe/Berlin": (
        "Munich, Hamburg, Cologne, Frankfurt, Stuttgart, Dusseldorf, Duesseldorf, Leipzig, "
        "Dresden, Hanover, Hannover, Nuremberg, Bremen, Bonn, Essen, Dortmund, Muenchen, Munchen, "
        "Koln, Koeln"
    ),
    "Europe/Brussels": "Antwerp, Ghent, Bruges, Liege",
    "Europe/Bucharest": "Cluj, Timisoara, Iasi",
    "Europe/Istanbul": "Ankara, Izmir, Antalya, Bursa",
    "Europe/Kyiv": "Ukraine, Kiev, Odesa, Odessa, Kharkiv, Kharkov, Lviv, Dnipro, Kherson",
    "Europe/Lisbon": "Porto, Coimbra",
    "Europe/London": (
        "Manchester, Birmingham, Liverpool, Leeds, Glasgow, Edinburgh, Cardiff, Bristol, "
        "Newcastle, Oxford, Cambridge, UK, United Kingdom, Great Britain, England, Scotland, "
        "Wales, Northern Ireland"
    ),
    "Europe/Madrid": "Barcelona, Valencia, Seville, Sevilla, Bilbao, Malaga, Cordoba",
    "Europe/Moscow": (
        "St Petersburg, Saint Petersburg, Petersburg, Nizhny Novgorod, Kazan, Sochi, "
        "Rostov on Don, Voronezh, Krasnodar"
    ),
    "Europe/Paris": "Marseille, Lyon, Toulouse, Nice, Bordeaux, Lille, Strasbourg, Nantes",
    "Europe/Prague": "Brno, Ostrava, Czechia",
    "Europe/Rome": (
        "Milan, Naples, Turin, Florence, Venice, Bologna, Genoa, Palermo, Milano, Roma, Napoli, "
        "Torino, Firenze, Venezia"
    ),
    "Europe/Stockholm": "Gothenburg, Malmo",
    "Europe/Vienna": "Salzburg, Graz, Innsbruck, Linz, Wien",
    "Europe/Warsaw": "Krakow, Cracow, Gdansk, Wroclaw, Poznan, Lodz, Warszawa",
    "Europe/Zurich": "Geneva, Bern, Basel, Lausanne, Geneve",
    "Pacific/Auckland": "Wellington, Christchurch, Dunedin",
    "Pacific/Honolulu": "Hawaii",
}

COUNTRIES: Final = {
    "United States": "USA, US, America, the USA, the US, United States of America, the States",
    "South Korea": "Korea",
    "Czech Republic": "Czechia",
}
"""What else people call countries, by their names in the time zone database."""
