"""Common French first names, folded: enough to tell "Marie Dubois" from "Dubois Marie".

Compiled by hand from well-known names of people born 1920-2025 in France (the INSEE register of first
names is the full source)."""

_NAMES = """
aaron abdallah abdel abdelkader abdou adam adelaide adele adeline adrien adrienne agathe agnes ahmed aicha
aime aimee alain alan alban albane albert alberte alex alexandra alexandre alexia alexis ali alice alicia
alienor aline alix aliya alphonse alphonsine alya amadou amandine amaury ambre amelie amin amina aminata
amine amir anais anastasia anatole andre andrea andree anette ange angel angela angele angelina angeline
angelique anissa anna annabelle anne annette annick annie anouk anselme antoine antoinette antonin antonio
apolline archibald ariane arielle aristide arlette armand armande armelle arnaud arsene arthur assia astrid
auguste augustin augustine aure aurele aurelie aurelien aurore axel axelle aya ayoub aziz babette baptiste
barbara basile bastien beatrice benedicte benjamin benoit berangere berenice bernadette bernard berthe
bertrand bianca bilal blaise blanche blandine boris brahim brice brigitte bruno bryan camelia camille
candice capucine carine carla carlos carole caroline cassandra catherine cecile cedric celeste celestin
celia celine cesar chantal charlene charles charlie charline charlotte cheikh chloe christelle christian
christiane christine christophe cindy claire clara clarisse claude claudette claudie claudine clea clelia
clemence clement clementine cloe clotilde clovis colette colin coline come constance constant constantin
coralie corentin corinne cyprien cyril cyrille damien daniel daniela daniele danielle danny daphne david
deborah delphine denis denise desire desiree diana diane didier dimitri dina djamel djibril dominique
donatien dora dorian doris dorothee dylan eddy edgar edith edmond edmonde edouard edwige elea eleanore elena
eleonore eliane elias elie eliette elif elina eline elios elisa elisabeth elise elizabeth ella elliot eloan
elodie eloise elsa elvire elya emeline emeric emile emilie emilien emilienne emma emmanuel emmanuelle emmy
enora enzo eric erika ernest ernestine erwan esteban estelle esther ethan etienne eugene eugenie eva evan
eve evelyne fabien fabienne fabrice fadila fadima faiza fanny farid farida fatiha fatima fatma fatou
faustine felicie felicite felix ferdinand fernand fernande fernando firmin flavie flavien fleur flora flore
florence florent florentin florian florianne florine france franceline francette francine francis franck
francois francoise frank fred frederic frederique gabin gabriel gabriela gabrielle gael gaelle gaetan
gaetane garance gaspard gaston gauthier gautier genevieve geoffrey george georges georgette georgina gerald
geraldine gerard gerarde germain germaine ghislain ghislaine gilbert gilberte gilles gina ginette giovanni
gisele giselle giuseppe gladys gontran grace gregoire gregory guilhem guillaume guillemette gustave guy
gwenael gwenaelle gwendoline hadrien hakim halima hamid hamza hanna hannah hassan hedi helena helene heloise
henri henriette herve hicham hilaire hippolyte honore honorine horace hortense houda hubert hugo hugues
huguette ibrahim ibrahima ida idriss ignace ilan ilona ilyes imane imran inaya ines ingrid irene iris isaac
isabelle isaline isis ismael issa ivan jacky jacob jacqueline jacques jade jamal jamila jane janine jasmine
jean jeanine jeanne jeannette jeannine jeannot jennifer jeremie jeremy jerome jessica jessy jimmy joachim
joanna jocelyn jocelyne joel joelle johan johann johanna john johnny jonas jonathan jordan jorge jose joseph
josephine josette josiane josselin josue joy joyce jude judith jules julia julian juliane julie julien
julienne juliette juline julius justin justine kader kais kamel karim karima karine karl katia kelly ken
kenza kenzo kevin khadija khaled kilian killian klara ladislas laetitia laila lana lara laure laureline
laurence laurent laurette laurie laurine lea leana leandre leila lena lenny leo leon leonard leonce leone
leonie leonor leonore leopold leslie leyla liam lila lilia lilian liliane lilou lily lina linda lino lionel
lisa lisandro lise lison liv livia livio loan loane loic lois lola lorene lorenzo loris lou louane louann
louis louisa louise louisette louka lounis luc luca lucas luce lucette lucie lucien lucienne lucile lucille
lucrece ludivine ludovic luis luka lukas luna lya lyam lydia lydie lylou lyna lynda maddy madeleine madison
mael maelle maelys maeva magali magalie magdalena maggy mahaut maia maissa malik malika malo malone mamadou
manel manon manuel manuela maram marc marceau marcel marcelle marcellin marco margaret margaux margot
marguerite maria mariam mariama marianne marie marielle marilou marilyn marilyne marin marina marine mario
marion marius marjorie marlene marlon marthe martial martin martine marvin mary maryline maryse maryvonne
mathias mathieu mathilda mathilde mathis mathys matis matteo matthias matthieu maud maurice mauricette mavie
max maxence maxime maximilien maya mayline medhi mehdi mehmet melanie melina melinda meline melisande
melissa melodie melvin meriem meryem mia michael michel michele micheline michelle mickael miguel mila milan
milo mina mira mireille miriam modeste mohamed mohammed moise momo monica monique morgan morgane mounir
mourad moussa muriel mustapha myriam myrtille nabil nabila nacer nadege nadia nadine nael naim naima nais
nancy naomi narcisse nassim natacha natalia nathalie nathan nathanael nawel nelly nelson nestor nicolas
nicole nicolette nina nine ninon noa noah noam noe noel noelie noella noelle noelline noemie nolan nora
norah norbert nordine nour noura octave octavie odette odile olga olive olivia olivier olympe omar ophelie
oriane orlane oscar osman oumar ousmane owen pablo paloma pamela paola paolo pascal pascale patrice patricia
patrick paul paula paule paulette paulin pauline pedro perrine peter philibert philippe philippine philomene
pia pierre pierrette pierrick pierrot priscilla prosper prune quentin rachel rachid rachida rafael raoul
raphael raphaelle rayan raymond raymonde rebecca regine regis reine remi remy renaud rene renee reynald
ricardo richard rita robert roberte robin roger rokia roland rolande romain romane romeo romuald romy ronan
rosa rosalie rose roseline rosette rosine roxane ruben ruth ryan sabine sabrina sacha said saida salim
salima salma salome salomon sam samba sami samia samir samira samuel samy sandra sandrine sandy sara sarah
sasha savannah savinien sebastien segolene selena selim selma serena serge sergio servane severine seydou
sharon shirley sibylle sidonie siham simeon simon simone sixtine sofia sofiane sohan solange solene solenn
soline sonia sophia sophie soraya souad souleymane stella stephan stephane stephanie steve steven suzanne
suzette sven swann sybille sylvain sylvaine sylvestre sylvette sylviane sylvie tanguy tania tao tara tatiana
tea teddy teo tessa thais thea thelma theo theodore theophane theophile theotime therese thibaud thibault
thibaut thierry thomas tiago tidiane tifenn tiffany tim timeo timothe timothee tiphaine titouan titus tom
toma toni tony tristan tya ugo ulysse ursule valentin valentine valere valerian valerie valery vanessa vera
veronique vianney vicky victoire victor victoria victorien victorine vincent violaine violette virgile
virginie viviane vladimir wafa walid wanda warren wassim wendy wilfried william willy xavier yacine yael
yaelle yanis yann yannick yannis yasmina yasmine yassine yoann yohan yohann yolande youcef younes youness
youri yousra youssef youssouf yvan yves yvette yvon yvonne zacharie zahra zakaria zelie zina zineb zoe zohra
zoubida
roberto alberto francesco luigi maria ana carmen pilar juan javier miguel rosario conception consuelo fernanda
yusuf emre ayse elif linh minh thi wei irina svetlana oksana olena yulia andrei ioana mihai elena jacek piotr
agnieszka katarzyna solveig lars giulia chiara alessandro maryam leyla reza amir kylian kelian
tiago joao antonia graca odilia germaine solange aissatou mariame adama moussa binta djeneba kadiatou khady
"""

FIRST_NAMES = frozenset(_NAMES.split())
"""Folded; compounds ("Jean-Pierre") are recognised by their parts."""

PARTICLES = frozenset(
    "de du des d la le l van von der den ben bin el al abd ait da dos di del della mc mac saint"
    " sainte o".split()
)
"""Small words that belong to a surname."""

ALSO_SURNAMES = frozenset(
    """
adam alain albert alexandre alexis alix allard amand andre antoine arnaud auguste augustin barthelemy bastien
baptiste basile benjamin benoit bernard bertrand blaise blanche boris bruno camille celestin charles christian
christophe claude clement colas colin constant constantin cyrille damien daniel david denis desire didier
dominique donatien edmond emile ernest etienne eugene fabien felix ferdinand fernand fleur florent francois
frank gabriel garance gaspard gaston gauthier gautier geoffrey georges gerard germain gilbert gilles gontran
gregoire guillaume gustave guy henri herve hilaire honore hubert hugo hugues humbert isaac jacob jacques jean
jerome joseph jourdan julien justin lambert laurent laurence leon leonard louis luc lucas lucien magne marc
marceau marcel marie marin marion martial martin mathieu mathis maurice max maxime medard michel nicolas noel
nohe olive olivier oscar pascal patrice paul paulin philibert philippe pierre prosper quentin raoul raymond
regis reine remy renaud rene richard robert robin roger roland romain rose rosier roy samson samuel sylvain
sylvestre simon thibault thibaut thierry thomas toussaint urbain valentin valery victor vincent vivien yvon
""".split()
)
"""First names that are as likely a surname when said alone (those among the commonest surnames of France)."""
