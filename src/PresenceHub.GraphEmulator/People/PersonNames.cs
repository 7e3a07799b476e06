namespace PresenceHub.GraphEmulator.People;

/// <summary>Names, departments and titles the company is made of.</summary>
internal static class PersonNames
{
    public static readonly string[] Given =
    [
        "Adele", "Ahmed", "Aiko", "Alejandra", "Amara", "Anders", "Anika", "Antonio", "Astrid", "Ayse", "Beatriz", "Bilal", "Bruno", "Camille",
        "Carlos", "Chidi", "Clara", "Daan", "Daniela", "David", "Diego", "Dimitri", "Ebba", "Elena", "Elif", "Emil", "Emma", "Enzo", "Esther",
        "Fatima", "Felix", "Fiona", "Freya", "Gabriel", "Grace", "Grady", "Hana", "Hannah", "Hassan", "Helena", "Hugo", "Ibrahim", "Ines",
        "Ingrid", "Isaiah", "Ivan", "Jamal", "Jana", "Joao", "Johanna", "Jonas", "Julia", "Kaito", "Karim", "Katya", "Kwame", "Lars", "Layla",
        "Leila", "Leon", "Lidia", "Linh", "Lucas", "Lynne", "Maja", "Malik", "Marco", "Maria", "Mateo", "Megan", "Mei", "Miriam", "Mohammed",
        "Nadia", "Naomi", "Nestor", "Nia", "Nikolai", "Nora", "Olga", "Oliver", "Omar", "Paola", "Patti", "Pavel", "Pradeep", "Priya",
        "Quentin", "Rafael", "Rania", "Ravi", "Rosa", "Ruben", "Saanvi", "Samuel", "Sara", "Sean", "Sofia", "Stefan", "Tariq", "Teresa",
        "Thabo", "Tomas", "Valentina", "Viktor", "Wei", "Yara", "Yuki", "Yusuf", "Zoe",
    ];

    public static readonly string[] Surnames =
    [
        "Abadi", "Adeyemi", "Akhtar", "Almeida", "Andersson", "Araujo", "Bakker", "Banerjee", "Becker", "Bellini", "Bergstrom", "Bianchi",
        "Borg", "Castillo", "Chen", "Chowdhury", "Costa", "Dahl", "Danso", "Das", "Dubois", "Eriksen", "Esposito", "Evans", "Farouk", "Ferrari",
        "Fischer", "Fonseca", "Fujita", "Garcia", "Ghosh", "Greene", "Gruber", "Haddad", "Hansen", "Hartmann", "Hoffmann", "Horvat", "Huang",
        "Ito", "Ivanova", "Jansen", "Jensen", "Kaplan", "Kaya", "Keller", "Khan", "Kim", "Kovacs", "Kowalski", "Larsen", "Laurent", "Lee",
        "Lindqvist", "Lopez", "Mahlaba", "Marino", "Martin", "Mbeki", "Mendes", "Meyer", "Moreau", "Mori", "Muller", "Nakamura", "Nguyen",
        "Nilsson", "Nowak", "Okafor", "Okonkwo", "Olsen", "Ortiz", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Ramirez", "Rao", "Ricci",
        "Rossi", "Saito", "Santos", "Sato", "Schmidt", "Schneider", "Sharma", "Silva", "Singh", "Smit", "Sokolov", "Sorensen", "Suzuki",
        "Tanaka", "Torres", "Tran", "Vance", "Vasquez", "Virtanen", "Visser", "Wagner", "Wang", "Weber", "Wilber", "Wilson", "Yamada", "Yilmaz",
        "Zhang", "Zimmermann",
    ];

    public static readonly string[] Departments =
    [
        "Customer Care", "Engineering", "Finance", "Human Resources", "IT Operations", "Legal", "Logistics", "Marketing", "Product", "Sales",
    ];

    public static readonly string[] JobTitles =
    [
        "Analyst", "Assistant", "Consultant", "Coordinator", "Director", "Lead", "Manager", "Partner", "Specialist", "Team Lead",
    ];
}
