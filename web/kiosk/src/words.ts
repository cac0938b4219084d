/** What the kiosk's own buttons say. */
export interface Words {
  begin: string;
  back: string;
  again: string;
  language: string;
  /** What a screen reader calls the face. */
  face: string;
}

/** The keys of Words. */
export const wordNames = ['begin', 'back', 'again', 'language', 'face'] as const;

const known: Record<string, Words> = {
  ar: words('المس للبدء', 'رجوع', 'قلها مرة أخرى', 'اللغة', 'وجه يتكلم'),
  de: words(
    'Zum Beginnen berühren',
    'Zurück',
    'Noch einmal',
    'Sprache',
    'Ein Gesicht, das spricht',
  ),
  en: words('Touch to begin', 'Back', 'Say it again', 'Language', 'A talking face'),
  es: words('Toque para empezar', 'Volver', 'Repetir', 'Idioma', 'Una cara que habla'),
  fr: words('Touchez pour commencer', 'Retour', 'Répéter', 'Langue', 'Un visage qui parle'),
  he: words('געו כדי להתחיל', 'חזרה', 'שוב', 'שפה', 'פנים מדברות'),
  it: words('Tocca per iniziare', 'Indietro', 'Ripeti', 'Lingua', 'Un volto che parla'),
  ja: words('タッチして始める', '戻る', 'もう一度', '言語', '話す顔'),
  ko: words('터치하여 시작', '뒤로', '다시 듣기', '언어', '말하는 얼굴'),
  nl: words('Raak aan om te beginnen', 'Terug', 'Nog een keer', 'Taal', 'Een sprekend gezicht'),
  pl: words('Dotknij, aby zacząć', 'Wstecz', 'Powtórz', 'Język', 'Mówiąca twarz'),
  pt: words('Toque para começar', 'Voltar', 'Repetir', 'Idioma', 'Um rosto que fala'),
  ru: words('Нажмите, чтобы начать', 'Назад', 'Повторить', 'Язык', 'Говорящее лицо'),
  tr: words('Başlamak için dokunun', 'Geri', 'Tekrarla', 'Dil', 'Konuşan bir yüz'),
  zh: words('触摸屏幕开始', '返回', '再说一遍', '语言', '会说话的脸'),
};

/** The words of a language; null where its kiosk file has to give them. */
export function knownWords(code: string): Words | null {
  return known[new Intl.Locale(code).language] ?? null;
}

function words(begin: string, back: string, again: string, language: string, face: string): Words {
  return { begin, back, again, language, face };
}
